/** What the first load of the board costs a browser: compressed JavaScript, and when it can be used. */
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { signIn } from '../e2e/people'
import startCrashcart from '../e2e/start-crashcart'

const LIMIT = 220_000

const stop = await startCrashcart()
try {
  const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find(
    (path) => path && existsSync(path),
  )
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    const signedIn = await browser.newContext({ baseURL: process.env.CRASHCART_URL })
    await signIn(await signedIn.newPage(), 'responder')
    // A context of its own with the session only: nothing of the sign-in page is in its cache.
    const context = await browser.newContext({
      baseURL: process.env.CRASHCART_URL,
      storageState: await signedIn.storageState(),
    })
    const page = await context.newPage()
    const sizes = new Map<string, number>()
    const session = await context.newCDPSession(page)
    const scripts = new Map<string, string>()
    await session.send('Network.enable')
    session.on('Network.responseReceived', (event) => {
      if (event.type === 'Script') scripts.set(event.requestId, event.response.url)
    })
    session.on('Network.loadingFinished', (event) => {
      const url = scripts.get(event.requestId)
      if (url) sizes.set(url, event.encodedDataLength)
    })
    await page.goto('/')
    await page.getByRole('button', { name: /check everything/i }).waitFor()
    await page.waitForLoadState('load')
    const bytes = [...sizes.values()].reduce((a, b) => a + b, 0)
    console.log(
      `${bytes <= LIMIT ? 'reached' : 'MISSED '}  ${(bytes / LIMIT).toFixed(3)} (at most 1.000)  JavaScript of the board's first load, compressed, ÷ 220 kB (${sizes.size} files)`,
    )
    if (bytes > LIMIT) process.exitCode = 1
  } finally {
    await browser.close()
  }
} finally {
  await stop()
}
