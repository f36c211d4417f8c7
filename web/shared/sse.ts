/** Reads a server-sent event stream from a fetch body. Unlike `EventSource` it also tells of
 *  comments, which is how the server shows that a silent stream is alive. */

export interface SseMessage { id: string; event: string; data: string }

export class SseParser {
  private rest = ''
  private id = ''
  private event = ''
  private data: string[] = []

  constructor(private readonly onMessage: (message: SseMessage) => void) {}

  push(text: string): void {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  private line(line: string): void {
    if (line === '') return this.dispatch()
    if (line.startsWith(':')) return
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') this.id = value
    else if (field === 'event') this.event = value
    else if (field === 'data') this.data.push(value)
  }

  private dispatch(): void {
    if (this.data.length || this.event) {
      this.onMessage({ id: this.id, event: this.event || 'message', data: this.data.join('\n') })
    }
    this.event = ''
    this.data = []
  }
}
