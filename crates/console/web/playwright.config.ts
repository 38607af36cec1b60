import { defineConfig } from '@playwright/test'

/** Debian's browser, as root in a container as well as by hand. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  testDir: 'tests',
  // Pictures are no test: they are taken when somebody wants to look at them.
  testMatch: process.env.MENJIN_PICTURES ? 'pictures.ts' : '*.spec.ts',
  globalSetup: './tests/gate.ts',
  // One gate for all: the first file sets it up, the others find it so.
  workers: 1,
  fullyParallel: false,
  // A shared machine may be slow for minutes; what passes only the second time is told as flaky.
  timeout: 120_000,
  expect: { timeout: 40_000 },
  retries: 1,
  outputDir: 'test-results',
  reporter: [['list']],
  use: {
    baseURL: process.env.MENJIN_CONSOLE,
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: '/usr/bin/chromium', args: QUIET },
  },
})
