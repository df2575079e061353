// Serves the real RSSHub of the folder in argv[2] on 127.0.0.1:argv[3], as the customer's own instance would.
// Its upstream m.weibo.cn is played by argv[4], so the real weibo route runs without the internet.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, port, weibo] = process.argv.slice(2);
const lib = join(folder, 'node_modules', 'rsshub', 'dist-lib');
const load = (path) => import(pathToFileURL(path).href);
const { resolve } = createRequire(join(folder, 'node_modules', 'rsshub', 'package.json'));

// RSSHub asks through this very object; only the one host is played, everything else is refused.
const undici = (await load(resolve('undici'))).default;
const ask = undici.fetch;
undici.fetch = (request, options) => {
    const url = new URL(request.url);
    if (url.host !== 'm.weibo.cn') {
        throw new Error(`nothing but m.weibo.cn is played here: ${url.host}`);
    }
    return ask(new URL(url.pathname + url.search, weibo), { ...options, headers: request.headers });
};

const { init } = await load(join(lib, 'pkg.mjs'));
// As a package it answers raw objects; an empty IS_PACKAGE makes it the web server people run.
await init({ IS_PACKAGE: '' });
const [, app] = readFileSync(join(lib, 'pkg.mjs'), 'utf8').match(/import\("\.\/(app-[^"]+)"\)/);
const { serve } = await load(resolve('@hono/node-server'));
serve({ fetch: (await load(join(lib, app))).default.fetch, hostname: '127.0.0.1', port: Number(port) });
