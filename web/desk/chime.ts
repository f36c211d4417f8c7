/** Two short tones, made here: no file to load, and silent where the browser forbids sound. */
let context: AudioContext | null = null

export function chime(): void {
  try {
    context ??= new AudioContext()
    const start = context.currentTime
    for (const [at, pitch] of [[0, 660], [0.18, 880]] as const) {
      const tone = context.createOscillator()
      const level = context.createGain()
      tone.frequency.value = pitch
      level.gain.setValueAtTime(0.0001, start + at)
      level.gain.exponentialRampToValueAtTime(0.2, start + at + 0.02)
      level.gain.exponentialRampToValueAtTime(0.0001, start + at + 0.16)
      tone.connect(level).connect(context.destination)
      tone.start(start + at)
      tone.stop(start + at + 0.17)
    }
  } catch {
    // Without sound the bar says it.
  }
}
