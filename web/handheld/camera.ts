/** The phone's camera inside the page: a press of the shutter is the picture, without another app. */
import { onScopeDispose, ref, shallowRef } from 'vue'

/** `off`: not asked for yet; `none`: not to be had here, the phone's own camera app does it. */
export type CameraState = 'off' | 'asking' | 'live' | 'none'

const WISH: MediaStreamConstraints = { audio: false, video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1440 } } }
const QUALITY = 0.9

export function useCamera() {
  const state = ref<CameraState>('off')
  const stream = shallowRef<MediaStream | null>(null)
  let wanted = false

  async function open(): Promise<void> {
    wanted = true
    if (stream.value || state.value === 'asking') return
    if (!navigator.mediaDevices?.getUserMedia) {
      state.value = 'none'
      return
    }
    state.value = 'asking'
    try {
      const found = await navigator.mediaDevices.getUserMedia(WISH)
      if (!wanted) return found.getTracks().forEach((track) => track.stop())
      found.getVideoTracks().forEach((track) => { track.onended = close })
      stream.value = found
      state.value = 'live'
    } catch {
      // No camera, not allowed, or another app holds it.
      state.value = 'none'
    }
  }

  function close(): void {
    wanted = false
    stream.value?.getTracks().forEach((track) => track.stop())
    stream.value = null
    if (state.value !== 'none') state.value = 'off'
  }

  /** The picture that the viewfinder shows now, as large as the camera gives it. */
  async function shoot(video: HTMLVideoElement): Promise<Blob | null> {
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    if (!canvas.width) return null
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  }

  // A camera that nobody looks through is let go: it costs power and shows a light.
  let paused = false
  const look = () => {
    if (document.hidden && stream.value) {
      paused = true
      close()
    } else if (!document.hidden && paused) {
      paused = false
      void open()
    }
  }
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', look)
    close()
  })
  return { state, stream, open, close, shoot }
}
