import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.css'
import '../ui/theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the application.')

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
