import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Loaded } from '../../api/loaded'
import type { Chart } from '../../api/shapes'
import { aChart } from '../../testing/builders'
import { show } from '../../testing/show'
import { ChartView } from './chart-view'

function open(chart: Loaded<Chart>): void {
  show(<ChartView chart={chart} tab="summary" onTab={() => undefined} safety={null} />)
}

describe('the chart', () => {
  it.each([
    ['not-recorded', 'Allergies not recorded'],
    ['none-known', 'No known allergies'],
  ] as const)('says about %s allergies: %s', (state, words) => {
    open({ state: 'ready', data: aChart({ allergies: { state, items: [] } }) })

    expect(screen.getByText(words)).toBeVisible()
  })

  it('names substance and reaction of known allergies', () => {
    const items = [{ substance: 'Penicillin', reaction: 'anaphylaxis', severity: null }]
    open({ state: 'ready', data: aChart({ allergies: { state: 'known', items } }) })

    expect(screen.getByText('Known allergies')).toBeVisible()
    expect(screen.getByText('Penicillin').closest('li')).toHaveTextContent('anaphylaxis')
  })

  it('says that allergies are unavailable when it could not be loaded', () => {
    open({ state: 'failed', message: 'Broken.', offline: false, retry: () => undefined })

    expect(screen.getByText('Allergies unavailable')).toBeVisible()
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible()
  })

  it('keeps the patient’s banner above every tab', () => {
    open({ state: 'ready', data: aChart() })

    expect(screen.getByRole('heading', { level: 1, name: 'OKAFOR, Amara (Ms)' })).toBeVisible()
    expect(screen.getByText('14-Mar-1968 (58 y)')).toBeVisible()
  })

  it('tells a role that may not see it so', () => {
    open({ state: 'denied', message: 'Your role does not allow this.' })

    expect(screen.getByText('The chart is not open to your role')).toBeVisible()
  })
})
