import { createTheme, type MantineColorsTuple } from '@mantine/core'

const brand: MantineColorsTuple = [
  '#e6f3f2',
  '#d0e8e6',
  '#a5d3d0',
  '#76bcb8',
  '#4aa5a1',
  '#2a908c',
  '#177e7b',
  '#0b6b6b',
  '#075252',
  '#0a3f42',
]

const ai: MantineColorsTuple = [
  '#f6f3fd',
  '#e9e2fa',
  '#d3c7f4',
  '#b9a9ea',
  '#9c86dd',
  '#8068cf',
  '#6b51c3',
  '#5b3fb8',
  '#4a3299',
  '#3a2679',
]

/** Mantine in the clinic's colours; violet (`ai`) is for what AI made and nothing else. */
export const theme = createTheme({
  colors: { brand, ai },
  primaryColor: 'brand',
  primaryShade: 7,
  black: '#14202b',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  defaultRadius: 8,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13.5px', md: '15px', lg: '17px', xl: '19px' },
  headings: { fontWeight: '650' },
  components: {
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        // A dialog's heading is not the page's banner.
        attributes: { header: { role: 'presentation' } },
        styles: { title: { fontSize: 16, fontWeight: 650 } },
      },
    },
  },
  shadows: { xs: 'none', sm: 'none', md: '0 4px 16px rgb(20 32 43 / 8%)', lg: 'none', xl: 'none' },
})
