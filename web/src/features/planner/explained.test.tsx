import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { show } from '../../testing/show'
import { cutAtTerms, Explained } from './explained'
import { GlossaryProvider, meaningsOf } from './glossary-context'

const meanings = meaningsOf([
  { term: 'EC2 (Elastic Compute Cloud)', meaning: 'Virtual servers in AWS' },
  { term: 'BAA', meaning: 'Business Associate Agreement (for HIPAA)' },
])

describe('terms', () => {
  it('are cut out once, at their first use, and only as whole words', () => {
    expect(cutAtTerms('EC2 and EC2X under a BAA, EC2', meanings).map(({ text }) => text)).toEqual([
      'EC2',
      ' and EC2X under a ',
      'BAA',
      ', ',
      'EC2',
    ])
    expect(cutAtTerms('EC2, EC2', meanings).filter((part) => part.meaning !== undefined)).toEqual([
      { text: 'EC2', meaning: 'Elastic Compute Cloud. Virtual servers in AWS' },
    ])
  })

  it('are plain text while the glossary is not there', () => {
    expect(cutAtTerms('EC2', new Map())).toEqual([{ text: 'EC2' }])
  })

  it('explain themselves on focus', async () => {
    show(
      <GlossaryProvider meanings={meanings}>
        <Explained>EC2 t3.small</Explained>
      </GlossaryProvider>,
    )

    await userEvent.tab()

    expect(screen.getByRole('button', { name: 'EC2' })).toHaveFocus()
    expect(await screen.findByText(/Virtual servers in AWS/)).toBeInTheDocument()
  })
})
