/** Builds the web pages: everything bundled, nothing inlined, so that `default-src 'self'` holds. */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    // data: addresses are not 'self'
    assetsInlineLimit: 0,
    target: 'es2024',
    sourcemap: false,
  },
});
