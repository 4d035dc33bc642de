// A page of Chromium that can import the package: served by Vite as it stands.
import type {Browser, BrowserContext, Page} from 'playwright-core';
import {createServer, type ViteDevServer} from 'vite';
import {launch} from './chromium';

declare global {
  /** The package, as blank.html leaves it in the page. */
  var engine: typeof import('./engine');
}

export class Pages {
  private constructor(
    private readonly server: ViteDevServer,
    private readonly browser: Browser,
    readonly context: BrowserContext,
    readonly address: string,
  ) {}

  /** `flags`: of Chromium, beside the usual ones. */
  static async start(flags: string[] = []): Promise<Pages> {
    const root = new URL('..', import.meta.url).pathname;
    const server = await createServer({
      configFile: false,
      root,
      logLevel: 'error',
      worker: {format: 'es'},
      server: {port: 0, host: '127.0.0.1', fs: {allow: ['../..']}},
    });
    await server.listen();
    const browser = await launch(flags);
    const context = await browser.newContext();
    return new Pages(server, browser, context, server.resolvedUrls!.local[0]!);
  }

  async open(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.address}browser/blank.html`);
    await page.waitForFunction(() => globalThis.engine !== undefined);
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}
