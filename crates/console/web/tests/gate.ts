// A gate for the browser's tests: the real daemon on the project's footage, and a platform to upload to.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const PROJECT = resolve(import.meta.dirname, '../../../..')
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

/** Starts a program and waits until it says that it is ready; what it has said by then. */
export async function start(
  name: string,
  args: string[],
  ready: string,
  at = folder,
  program = MENJIN,
): Promise<string> {
  const log = join(at, `${name.replace(at, '')}.log`)
  writeFileSync(log, '')
  const file = openSync(log, 'a')
  const child = spawn(program, args, { cwd: PROJECT, stdio: ['ignore', file, file] })
  running.set(name, child)
  for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end;) {
    const said = readFileSync(log, 'utf8')
    if (said.includes(ready)) return said
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

interface Ports {
  console: number
  status: number
  regulator: number
}

/** A camera with its lens covered, on the gate that all tests share. */
const DARK = `
[[lane]]
name = "dark-in"
entrance = "A"
barrier = "03"
direction = "in"
view = "front"
camera = { file = "dark.mp4", pace = "real_time" }
[watching]
black_after = "2s"
`

function drawDark(at: string): void {
  const source = 'color=c=black:size=1280x720:rate=1:duration=1800'
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...coded, 'dark.mp4'], {
    cwd: at,
  })
}

const BOTH = [
  ['north-in', '01', 'pace = "real_time"'],
  ['south-in', '02', 'pace = "as_fast"'],
]

function config(ports: Ports, lanes: string[][], more: string): string {
  const clip = (name: string) => join(PROJECT, 'testdata/footage', name)
  const lane = ([name, barrier, pace]: string[]) => `
[[lane]]
name = "${name}"
entrance = "A"
barrier = "${barrier}"
direction = "in"
view = "front"
give_up_after = "8s"
camera = { file = "${clip(`${name}.mp4`)}", ${pace} }
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
[console.screens]
public = true
persons = ["环保负责人：王建国 0315-2012345", "运维单位：唐山某某环保科技 400-810-1234"]
red = { vehicles = "停止国五及以下货车进出", machinery = "停用国二及以下机械" }
[gate]
read = "allow"
unread = "ask"
[[platform]]
name = "platform"
adapter = "yunnan.toml"
base_url = "http://127.0.0.1:${ports.regulator}/access/api/dataReceive/"
user = "demo"
secret_file = "regulator"
enterprise_code = "T1"
paths = { passage = "passage", passage_end = "passageEnd" }
${lanes.map(lane).join('\n')}${more}`
}

const RUN = (at = folder) => ['run', '--config', join(at, 'menjin.toml')]

/** A platform and a daemon on these ports; what is sent down is fetched while somebody waits for it. */
export async function startBoth(
  ports: Ports,
  at: string,
  lanes: string[][],
  more = '',
): Promise<void> {
  mkdirSync(join(at, 'kept'))
  writeFileSync(join(at, 'regulator'), 'menjin-trial', { mode: 0o600 })
  writeFileSync(join(at, 'menjin.toml'), config(ports, lanes, more))
  const adapter = readFileSync(join(PROJECT, 'config/regulators/yunnan.toml'), 'utf8')
  writeFileSync(join(at, 'yunnan.toml'), adapter.replaceAll('every = "10m"', 'every = "2s"'))
  execFileSync(MENJIN, ['config', '--config', join(at, 'menjin.toml')], { stdio: 'ignore' })
  const keep = ['--port', String(ports.regulator), '--keep', join(at, 'kept')]
  const keys = ['--app-key', 'demo', '--secret-file', join(at, 'regulator')]
  await start(`regulator${at}`, ['simulate', 'regulator', ...keep, ...keys], 'ready', at)
  await start(`daemon${at}`, RUN(at), ' ready ', at)
}

export async function freePorts(): Promise<Ports> {
  return { console: await freePort(), status: await freePort(), regulator: await freePort() }
}

/** A gate of its own whose one lane never ends, and a platform that can send strategies down. */
export async function anotherGate() {
  const at = mkdtempSync(join(tmpdir(), 'menjin-web-'))
  const ports = await freePorts()
  await startBoth(ports, at, [['north-in', '01', 'pace = "real_time", repeat = true']])
  return {
    address: `http://127.0.0.1:${ports.console}`,
    async publish(measures: string): Promise<void> {
      const strategy = { strategyId: 'S-1', startTime: '2026-01-01 00:00:00', measures }
      const answer = await fetch(`http://127.0.0.1:${ports.regulator}/_control`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ publish: { basStrategy: [strategy] } }),
      })
      if (!answer.ok) throw new Error(`the platform says ${answer.status}`)
    },
    ...common(at),
  }
}

/** A gate as it is after its installation: no enterprise, no lane, nobody with an account. */
export async function newGate() {
  const at = mkdtempSync(join(tmpdir(), 'menjin-web-'))
  const ports = await freePorts()
  const text = `language = "zh"
[site]
name = ""
code = ""
clock = "assume_synchronized"
[storage]
folder = "data"
[models]
folder = "${join(PROJECT, 'models')}"
[status]
listen = "127.0.0.1:${ports.status}"
[console]
listen = "127.0.0.1:${ports.console}"
`
  writeFileSync(join(at, 'menjin.toml'), text)
  await start(`daemon${at}`, RUN(at), ' ready ', at)
  return { address: `http://127.0.0.1:${ports.console}`, ...common(at) }
}

/** What gates of their own have in common. */
export function common(at: string) {
  return {
    configuration: () => readFileSync(join(at, 'menjin.toml'), 'utf8'),
    /** A camera that ONVIF finds at this address, and its password; it plays the project's footage. */
    async camera(): Promise<{ address: string; user: string; password: string }> {
      const password = 'secret'
      writeFileSync(join(at, 'camera'), password, { mode: 0o600 })
      const script = (name: string) => join(PROJECT, 'scripts', name)
      const clip = join(PROJECT, 'testdata/footage/north-out.mp4')
      const mount = ['--port', '0', '--mount', `gate=${clip}`, '--user', 'admin']
      const keys = ['--password-file', join(at, 'camera'), '--loop']
      const rtsp = [script('rtsp_server.py'), ...mount, ...keys]
      const said = await start(`rtsp${at}`, rtsp, 'ready', at, '/usr/bin/python3')
      const stream = /rtsp:\S+/.exec(said)?.[0] ?? ''
      const onvif = [script('onvif_camera.py'), '--stream', stream]
      const ports = await start(`onvif${at}`, onvif, ' ', at, '/usr/bin/python3')
      return { address: `127.0.0.1:${parseInt(ports)}`, user: 'admin', password }
    },
    async stop(): Promise<void> {
      await stop(`onvif${at}`)
      await stop(`rtsp${at}`)
      await stop(`daemon${at}`)
      await stop(`regulator${at}`)
      rmSync(at, { recursive: true, force: true })
    },
  }
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
  const ports = await freePorts()
  drawDark(folder)
  await startBoth(ports, folder, BOTH, DARK)
  process.env.MENJIN_CONSOLE = `http://127.0.0.1:${ports.console}`
  process.env.MENJIN_GATE = folder
  return async () => {
    await stop(`daemon${folder}`)
    await stop(`regulator${folder}`)
    rmSync(folder, { recursive: true, force: true })
  }
}
