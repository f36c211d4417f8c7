/** Photos as they came from the camera: evidence, neither shrunk nor written anew. */
import { OutboxFull, PhotoRefused, type KeptPhoto, type Place } from './shapes'
import { look } from './storage'
import { dropPhoto, photoOf, putPhoto } from './store'
import { asSomebody } from './who'

/** What the server takes at most. */
export const MAX_BYTES = 12 * 1024 * 1024

const shown = new Map<string, string>()

export async function addPhoto(file: Blob, name: string, place?: Place | null): Promise<KeptPhoto> {
  const person = await asSomebody()
  if (file.size > MAX_BYTES) throw new PhotoRefused('too_large', file.size, MAX_BYTES)
  // Read at once: what a camera app hands over may be gone by the time it is sent.
  const bytes = await file.arrayBuffer()
  check(new Uint8Array(bytes))
  const photo: KeptPhoto = {
    id: crypto.randomUUID(), person: person.id, blob: new Blob([bytes], { type: file.type || 'image/jpeg' }),
    name, bytes: bytes.byteLength, takenAt: new Date().toISOString(), place: place ?? null,
  }
  try {
    await putPhoto(photo)
  } catch (reason) {
    if (reason instanceof OutboxFull) await look(true)
    throw reason
  }
  void look()
  return photo
}

/** JPEG, PNG and WebP by their first bytes; better refused while one can still take another. */
function check(bytes: Uint8Array): void {
  if (!bytes.length) throw new PhotoRefused('empty', 0, MAX_BYTES)
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  const known = (bytes[0] === 0xff && bytes[1] === 0xd8) || text(1, 4) === 'PNG' || (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP')
  if (!known) throw new PhotoRefused('type', bytes.length, MAX_BYTES)
}

/** Forgets a photo that no act carries. */
export async function removePhoto(id: string): Promise<void> {
  if (await dropPhoto(id)) forget(id)
  void look()
}

/** An address of the picture for an `img`; empty when the phone has it no more (it was sent). */
export async function photoUrl(id: string): Promise<string> {
  const known = shown.get(id)
  if (known) return known
  const photo = await photoOf(id)
  if (!photo) return ''
  const made = shown.get(id) ?? URL.createObjectURL(photo.blob)
  shown.set(id, made)
  return made
}

/** Lets go of a picture's address. */
export function forget(id: string): void {
  const url = shown.get(id)
  if (url) URL.revokeObjectURL(url)
  shown.delete(id)
}
