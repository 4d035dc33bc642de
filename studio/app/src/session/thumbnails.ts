import {drawThumbnail, themeNamed} from '@flux/canvas';
import type {EngineClient, Source} from '@flux/engine';
import {startEngine} from './engine';

/** A second engine, made when the first picture is asked for: the open document is left alone. */
let engine: EngineClient | null = null;
let queue: Promise<unknown> = Promise.resolve();
const kept = new Map<string, HTMLCanvasElement>();

/** A still picture of a circuit that is not open. Null: it cannot be read. Pictures are made one after another and kept. */
export function thumbnail(source: Source, width: number, height: number): Promise<HTMLCanvasElement | null> {
  const theme = document.documentElement.dataset.theme === 'light' ? 'light' : 'dark';
  const key = JSON.stringify([source, width, height, theme]);
  const made = queue.then(async () => {
    const known = kept.get(key);
    if (known) return known;
    engine ??= startEngine();
    const client = engine;
    await client.open(source);
    const view = await client.view('');
    const picture = drawThumbnail(view, width, height, themeNamed(theme), Math.min(2, devicePixelRatio || 1));
    if (kept.size > 60) kept.clear();
    kept.set(key, picture);
    return picture;
  });
  queue = made.catch(() => null);
  return made.catch(() => null);
}
