import { defineConfig } from 'vitest/config'

/** Assets are named from the root, since pages have addresses of any depth. What the server's pages use, it finds in the manifest. */
export default defineConfig({
  base: '/',
  build: {
    outDir: '../server/static',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    manifest: 'manifest.json',
    rolldownOptions: { input: ['index.html', 'src/reading/main.ts'] },
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8000',
      '/sync': { target: 'ws://127.0.0.1:8000', ws: true },
    },
  },
  test: { include: ['test/**/*.test.ts'] },
})
