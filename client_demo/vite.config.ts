import { defineConfig } from 'vitest/config'

/** Assets are named from the root: the page is served at `/` and at `/articles/{slug}` alike. */
export default defineConfig({
  base: '/',
  build: { outDir: '../server/static', emptyOutDir: true, chunkSizeWarningLimit: 1200 },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8000',
      '/sync': { target: 'ws://127.0.0.1:8000', ws: true },
    },
  },
  test: { include: ['test/**/*.test.ts'] },
})
