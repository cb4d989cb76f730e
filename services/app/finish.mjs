// What a server needs besides the files: compressed forms of those that shrink, and the paths that are pages of the app.
// Refuses a build that has grown too large for a phone.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const kScriptBytesMax = 100 * 1024; // of all scripts of the page, compressed by gzip

const out = fileURLToPath(new URL('../../build/app', import.meta.url));

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

let script = 0;
for (const path of filesBelow(out)) {
  if (!/\.(html|js|css|svg|webmanifest)$/.test(path)) continue;
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  if (gzip.length < bytes.length) writeFileSync(`${path}.gz`, gzip);
  if (brotli.length < bytes.length) writeFileSync(`${path}.br`, brotli);
  if (path.endsWith('.js') && !path.endsWith('sw.js')) script += gzip.length;
}

// The same list as in src/pages.ts, which is read rather than repeated.
const source = readFileSync(new URL('src/pages.ts', import.meta.url), 'utf8');
const pages = [...source.matchAll(/^ {2}\w+: '(\/[a-z]*)',/gm)].map((found) => found[1]);
if (pages.length < 3) throw new Error('src/pages.ts does not list its pages as it did');
writeFileSync(join(out, 'pages.txt'), pages.map((page) => `${page}\n`).join(''));

console.log(`the app: ${script} bytes of script, compressed, and ${pages.length} pages`);
if (script > kScriptBytesMax) {
  console.error(`more than ${kScriptBytesMax} bytes of script`);
  process.exit(1);
}
