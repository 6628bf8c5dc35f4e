import { expect, test } from 'vitest'
import { callerOf, dayTyped, isEnough } from './caller'

test('a family name and a birth date are told apart in any order', () => {
  const expected = { family: 'Jonson', birth_date: '1984-03-02' }
  expect(callerOf('Jonson, 1984-03-02')).toEqual(expected)
  expect(callerOf('02-Mar-1984 Jonson')).toEqual(expected)
})

test('both names are read as they are written', () => {
  expect(callerOf('Paul Johnson')).toEqual({ family: 'Johnson', given: 'Paul' })
  expect(callerOf('van Dam, Nell')).toEqual({ family: 'van Dam', given: 'Nell' })
})

test('a number is a telephone or a record, as it looks', () => {
  expect(callerOf('207 555 0107')).toEqual({ phone: '207 555 0107' })
  expect(callerOf('CF-104317')).toEqual({ record_number: 'CF-104317' })
})

test('a day that does not exist is none', () => {
  expect(dayTyped('2025-02-29')).toBeUndefined()
  expect(dayTyped('3/2/1984')).toBe('1984-03-02')
})

test('one letter is not enough to look', () => {
  expect(isEnough(callerOf('J'))).toBe(false)
  expect(isEnough(callerOf('Jo'))).toBe(true)
})
