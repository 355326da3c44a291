// What tests leave behind, as lines for a person.
import { existsSync, readFileSync } from 'node:fs'

/** The table step × {practice, real} of a file with a row of JSON for each note. */
export function tellTable(file) {
  const rows = new Map()
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { step, side, what } = JSON.parse(line)
    rows.set(step, { ...rows.get(step), [side]: what })
  }
  if (rows.size === 0) return
  const wide = Math.max(...[...rows.keys()].map((step) => step.length))
  process.stdout.write(`${'step'.padEnd(wide)}  ${'practice'.padEnd(34)}  real\n`)
  for (const [step, { practice = '', real = '' }] of rows)
    process.stdout.write(`${step.padEnd(wide)}  ${practice.padEnd(34)}  ${real}\n`)
}

/** Lines of a message that say what was expected; the rest is the way through the test runner. */
const MESSAGE_LINES = 12

/** The tests that failed of a report of vitest, each with what it expected: the end of a long log is what people keep. */
export function tellFailures(testResults) {
  for (const { name, message = '' } of broken(testResults))
    process.stdout.write(`FAILED ${name} did not run\n    ${firstLines(message)}\n`)
  for (const { assertionResults = [] } of testResults)
    for (const { status, fullName, failureMessages = [] } of assertionResults)
      if (status === 'failed')
        process.stdout.write(`FAILED ${fullName}\n    ${firstLines(failureMessages.join('\n'))}\n`)
}

function firstLines(message) {
  return message.split('\n').slice(0, MESSAGE_LINES).join('\n    ')
}

/** Files that stopped before their first test (a cluster that does not start): they count no failed test, yet have failed. */
export function broken(testResults) {
  return testResults.filter(
    ({ status, assertionResults = [] }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
}

/** `N passed, N failed` of a report that vitest wrote as JSON; nothing when it wrote none. */
export function tellReport(file) {
  if (!existsSync(file)) return
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'))
  tellFailures(testResults)
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests + broken(testResults).length} failed\n`)
}
