import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join, relative} from 'node:path';
import type {Plugin} from 'vite';

/**
 * Writes `sw.js`, a service worker that keeps the built studio: after the first visit it opens without a network. Files whose names carry
 * their hash come from the store; the page itself comes from the network while there is one, so that a new build shows at once.
 */
export function offline(): Plugin {
  let folder = '';
  return {
    name: 'flux-offline',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    writeBundle: {
      sequential: true,
      async handler() {
        const files = filesOf(folder)
          .map(path => relative(folder, path).replaceAll('\\', '/'))
          .filter(name => name !== 'sw.js');
        const hash = createHash('sha256');
        for (const name of files) hash.update(name).update(readFileSync(join(folder, name)));
        const {writeFile} = await import('node:fs/promises');
        await writeFile(join(folder, 'sw.js'), serviceWorker(`flux-${hash.digest('hex').slice(0, 12)}`, files));
      },
    },
  };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
}

function serviceWorker(name: string, files: string[]): string {
  return `const store = ${JSON.stringify(name)};
const files = ${JSON.stringify(files.map(file => `./${file}`))};
self.addEventListener('install', event => event.waitUntil(caches.open(store).then(cache => cache.addAll(['./', ...files])).then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(caches.keys()
  .then(names => Promise.all(names.filter(other => other.startsWith('flux-') && other !== store).map(other => caches.delete(other))))
  .then(() => self.clients.claim())));
self.addEventListener('fetch', event => {
  const {request} = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  const kept = () => caches.match(request, {ignoreSearch: true, ignoreVary: true, cacheName: store});
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(async () => (await kept()) ?? caches.match('./', {ignoreVary: true, cacheName: store})));
  else event.respondWith(kept().then(found => found ?? fetch(request)));
});
`;
}
