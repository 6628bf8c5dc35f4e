import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

// What a growing text field waits for in a browser and happy-dom does not have.
Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true })
