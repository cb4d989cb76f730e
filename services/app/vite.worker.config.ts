// The service worker: one classic script that knows every file that the page's build left, with its revision.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineConfig } from 'vite';
import { outDir } from './vite.config';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

// A hashed name says all of its content; the others need a revision.
function manifest(): { url: string; revision: string | null }[] {
  return filesBelow(outDir).filter((path) => !/(sw\.js|\.br|\.gz|pages\.txt)$/.test(path)).map((path) => {
    const url = '/' + relative(outDir, path);
    const hashed = url.startsWith('/assets/');
    return { url, revision: hashed ? null : createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16) };
  });
}

export default defineConfig(() => ({
  publicDir: false as const,
  define: { 'self.__WB_MANIFEST': JSON.stringify(manifest()), 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir,
    emptyOutDir: false,
    target: 'es2021',
    reportCompressedSize: false,
    lib: { entry: 'src/worker/sw.ts', formats: ["iife" as const], name: 'worker', fileName: () => 'sw.js' },
  },
}));
