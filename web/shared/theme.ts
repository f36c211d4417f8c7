/** Light or dark: the system's, unless chosen; and how dense the rows are. */
import { computed, ref, watchEffect } from 'vue'

export type ThemeChoice = 'system' | 'light' | 'dark'
export type Density = 'dense' | 'comfortable'

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(dark.matches)
dark.addEventListener('change', () => { systemDark.value = dark.matches })

export const themeChoice = ref((localStorage.getItem('lianqin.theme') ?? 'system') as ThemeChoice)
export const density = ref((localStorage.getItem('lianqin.density') ?? 'dense') as Density)

export const theme = computed<'light' | 'dark'>(() =>
  themeChoice.value === 'system' ? (systemDark.value ? 'dark' : 'light') : themeChoice.value,
)

export function followTheme(): void {
  watchEffect(() => {
    document.documentElement.dataset.theme = theme.value
    document.documentElement.dataset.density = density.value
    localStorage.setItem('lianqin.theme', themeChoice.value)
    localStorage.setItem('lianqin.density', density.value)
  }, { flush: 'sync' })
}

/** The value of a colour token now, for what CSS cannot reach (map and canvas). */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** A length token in pixels. */
export function tokenPx(name: string): number {
  return Number.parseFloat(token(name)) || 0
}
