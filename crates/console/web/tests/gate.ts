// A gate for the browser's tests: the real daemon on the project's footage, and a platform to upload to.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PROJECT = resolve(import.meta.dirname, '../../../..')
const MENJIN =
  process.env.MENJIN ??
  join(process.env.CARGO_TARGET_DIR ?? join(PROJECT, 'target'), 'release/menjin')
const READY_WITHIN_MS = 90_000

const folder = mkdtempSync(join(tmpdir(), 'menjin-web-'))
const running = new Map<string, ChildProcess>()
// A start that fails leaves nothing behind either.
process.on('exit', () => {
  for (const child of running.values()) child.kill('SIGKILL')
})

/** Starts a program of ours and waits until it says that it is ready. */
async function start(name: string, args: string[], ready: string): Promise<void> {
  const log = join(folder, `${name}.log`)
  writeFileSync(log, '')
  const file = openSync(log, 'a')
  const child = spawn(MENJIN, args, { cwd: PROJECT, stdio: ['ignore', file, file] })
  running.set(name, child)
  for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end;) {
    if (readFileSync(log, 'utf8').includes(ready)) return
    if (child.exitCode !== null) break
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`${name} is not ready:\n${readFileSync(log, 'utf8').slice(-3000)}`)
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function config(ports: { console: number; status: number; regulator: number }): string {
  const clip = (name: string) => join(PROJECT, 'testdata/footage', name)
  const lane = (name: string, barrier: string, direction: string, view: string, pace: string) => `
[[lane]]
name = "${name}"
entrance = "A"
barrier = "${barrier}"
direction = "${direction}"
view = "${view}"
give_up_after = "8s"
camera = { file = "${clip(`${name}.mp4`)}", pace = "${pace}" }
`
  return `language = "zh"
[site]
name = "测试钢铁厂"
code = "T1"
time_zone = "Asia/Shanghai"
clock = "assume_synchronized"
[storage]
folder = "data"
[models]
folder = "${join(PROJECT, 'models')}"
[status]
listen = "127.0.0.1:${ports.status}"
[console]
listen = "127.0.0.1:${ports.console}"
[gate]
read = "allow"
unread = "ask"
[[platform]]
name = "platform"
adapter = "${join(PROJECT, 'config/regulators/yunnan.toml')}"
base_url = "http://127.0.0.1:${ports.regulator}/access/api/dataReceive/"
user = "demo"
secret_file = "regulator"
enterprise_code = "T1"
paths = { passage = "passage", passage_end = "passageEnd" }
${lane('north-in', '01', 'in', 'front', 'real_time')}
${lane('south-in', '02', 'in', 'front', 'as_fast')}`
}

const RUN = () => ['run', '--config', join(folder, 'menjin.toml')]

export async function restart(): Promise<void> {
  await stop('daemon')
  await start('daemon', RUN(), ' ready ')
}

export async function stop(name: string): Promise<void> {
  const child = running.get(name)
  if (!child || child.exitCode !== null) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await ended
}

export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.MENJIN_CONSOLE) return async () => undefined
  const ports = { console: await freePort(), status: await freePort(), regulator: await freePort() }
  mkdirSync(join(folder, 'kept'))
  writeFileSync(join(folder, 'regulator'), 'menjin-trial', { mode: 0o600 })
  writeFileSync(join(folder, 'menjin.toml'), config(ports))
  execFileSync(MENJIN, ['config', '--config', join(folder, 'menjin.toml')], { stdio: 'ignore' })
  const platform = [
    'simulate',
    'regulator',
    '--port',
    String(ports.regulator),
    '--keep',
    join(folder, 'kept'),
  ]
  const keys = ['--app-key', 'demo', '--secret-file', join(folder, 'regulator')]
  await start('regulator', [...platform, ...keys], 'ready')
  await start('daemon', RUN(), ' ready ')
  process.env.MENJIN_CONSOLE = `http://127.0.0.1:${ports.console}`
  process.env.MENJIN_GATE = folder
  return async () => {
    await stop('daemon')
    await stop('regulator')
    rmSync(folder, { recursive: true, force: true })
  }
}
