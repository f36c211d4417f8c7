import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { precache } from './precache.ts'
import groups from './handheld/words/groups.json' with { type: 'json' }
import { pickedWords } from './shared/i18n/picked.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The server that `npm run dev` passes API, stream and sign-in on to. */
const backend = process.env.LIANQIN_BACKEND ?? 'http://127.0.0.1:8420'

export default defineConfig(({ command }) => ({
  // Built files are served from /static/desk/; the entry page itself is handed out at /desk/*.
  base: command === 'build' ? '/static/desk/' : '/',
  plugins: [
    vue(),
    pickedWords(here('./shared/i18n'), groups),
    precache({ entry: 'handheld.html', page: '/handheld/', worker: here('./handheld/worker/worker.ts'), out: 'handheld-worker.js' }),
  ],
  resolve: { alias: { '@shared': here('./shared'), '@desk': here('./desk') } },
  define: { __VUE_I18N_LEGACY_API__: 'false', __VUE_OPTIONS_API__: 'true', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: 'dist',
    // A page each: the desk, the unit's list, the commander's phone, the handheld. None loads what is another's.
    rollupOptions: { input: { index: here('./index.html'), unit: here('./unit.html'), commander: here('./commander.html'), handheld: here('./handheld.html') } },
    manifest: true,
    target: 'es2022',
    // Inlined assets would be data: URLs, which the policy refuses for scripts and fonts.
    assetsInlineLimit: 0,
    // The map library arrives in its own chunk on purpose.
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/stream', '/sign-in', '/sign-out', '/account', '/static/console'].map((path) => [path, backend]),
    ),
  },
  test: { include: ['{shared,desk,unit,commander,handheld}/**/*.test.ts'], environment: 'node' },
}))
