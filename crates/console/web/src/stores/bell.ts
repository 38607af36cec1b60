/** The sound of a new task: two soft tones, made here so that no file has to be loaded. */
let context: AudioContext | null = null

/** Browsers are silent until a person has touched the page once. */
export function wake(): void {
  context ??= new AudioContext()
  void context.resume()
}

export function ring(): void {
  if (!context || context.state !== 'running') return
  tone(context, 784, 0)
  tone(context, 1047, 0.16)
}

/** An alarm: three hard tones, which a guard tells from a task with closed eyes. */
export function alarm(): void {
  if (!context || context.state !== 'running') return
  for (const after_s of [0, 0.28, 0.56]) tone(context, 988, after_s)
}

function tone(on: AudioContext, hertz: number, after_s: number): void {
  const start = on.currentTime + after_s
  const oscillator = on.createOscillator()
  const volume = on.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.value = hertz
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(0.22, start + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
  oscillator.connect(volume).connect(on.destination)
  oscillator.start(start)
  oscillator.stop(start + 0.55)
}
