// A gate that records a camera whose picture says what time it is.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { common, freePorts, PROJECT, start, startBoth } from './gate.ts'

/** Seconds of the clip of `recordingGate`, which is played again and again; a picture every 0.2 s. */
export const CLOCK_S = 60
/** So many squares of 100 pixels stand in a row at the top of its pictures, white for a one: a number that
 * counts them in fifths of a second, the lowest digit first. */
export const CLOCK_BITS = 11

/** A gate that records a camera with a clock in its picture. */
export async function recordingGate(coding: 'h264' | 'h265', ofLane = '') {
  const at = mkdtempSync(join(tmpdir(), 'menjin-web-'))
  const ports = await freePorts()
  const bits = [...Array(CLOCK_BITS).keys()].map(
    (bit) =>
      `drawbox=x=${bit * 100}:y=0:w=100:h=100:color=white:t=fill:enable='mod(floor(floor(t*5+0.5)/${2 ** bit}),2)'`,
  )
  const source = `color=c=gray:size=1280x720:rate=5:duration=${CLOCK_S}`
  const coder = coding === 'h264' ? 'libx264' : 'libx265'
  const keys =
    coding === 'h264'
      ? ['-x264-params', 'keyint=10']
      : ['-x265-params', 'keyint=10:bframes=0:log-level=error']
  const coded = ['-c:v', coder, ...keys, '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
  const drawn = ['-f', 'lavfi', '-i', source, '-vf', bits.join(','), ...coded, 'clock.mp4']
  execFileSync('ffmpeg', ['-v', 'error', ...drawn], { cwd: at })
  const mount = ['--port', '0', '--mount', `gate=${join(at, 'clock.mp4')}`, '--loop']
  const server = join(PROJECT, 'scripts/rtsp_server.py')
  const said = await start(`rtsp${at}`, [server, ...mount], 'ready', at, '/usr/bin/python3')
  const stream = /rtsp:\S+/.exec(said)?.[0] ?? ''
  mkdirSync(join(at, 'video'))
  const recorded = `
[recorder]
folders = ["video"]
reserve_gb = 1
[[lane]]
name = "east-in"
entrance = "B"
barrier = "04"
direction = "in"
view = "front"
camera = { url = "${stream}" }
${ofLane}
`
  await startBoth(ports, at, [], recorded)
  return { address: `http://127.0.0.1:${ports.console}`, ...common(at) }
}
