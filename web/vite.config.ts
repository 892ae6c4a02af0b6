import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compiledWords } from './build/compiled-words.ts'
import { embedded } from './build/embed.ts'
import { offlineWorker } from './build/offline-worker.ts'
import { packedFiles } from './build/packed-files.ts'
import { quietContract } from './build/quiet-contract.ts'

const here = import.meta.dirname

/** The server that `npm run dev` starts; pages come from Vite, data and media from there. */
const backend = `http://127.0.0.1:${process.env['PORT'] ?? 3000}`

export default defineConfig(({ command }) => ({
  root: here,
  plugins: [react(), compiledWords(), quietContract(), embedded(), offlineWorker(), packedFiles()],
  resolve: {
    // The web never validates: the server does. The stub keeps the schema library out of every page.
    alias: [{ find: /^typebox$/, replacement: resolve(here, 'build/schema-stub.ts') }],
  },
  server: {
    proxy: {
      '/api': backend,
      '/media': backend,
      '/pictures': backend,
      '/dev': backend,
      '/room': { target: backend, ws: true },
    },
  },
  build: {
    outDir: resolve(here, 'dist'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    manifest: true,
    // Inline data: URLs would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Its address must not change: browsers come back to it for the next version.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
      input: {
        index: resolve(here, 'index.html'),
        studio: resolve(here, 'studio.html'),
        office: resolve(here, 'office.html'),
        ...(command === 'build' ? { sw: resolve(here, 'src/worker/main.ts') } : {}),
        pay: resolve(here, 'pay.html'),
        ...(command === 'serve' ? { gallery: resolve(here, 'gallery.html') } : {}),
      },
    },
  },
}))
