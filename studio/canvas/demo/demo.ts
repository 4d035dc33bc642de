// A page that shows the canvas with synthetic networks: ?scene=showcase|cloud|populations&count=1000&theme=light&speed=0.1&run=0&graphics=webgl2|webgpu|software
import {CanvasView, type CircuitView, type GraphicsName} from '../src';
import {cloud, Player, populations, showcase} from './synthetic';

const options = new URLSearchParams(location.search);
const count = Number(options.get('count') ?? 1000);
const speed = Number(options.get('speed') ?? 1);
const sceneName = options.get('scene') ?? 'showcase';
const view = sceneName === 'cloud' ? cloud(count, 10) : sceneName === 'populations' ? populations(count, 10) : showcase();
const neurons = sceneName === 'showcase' ? 700 : count;
const player = new Player(neurons, Number(options.get('rate') ?? 8));

document.body.style.background = options.get('theme') === 'light' ? '#f7f9f8' : '#0e1113';
const canvas = new CanvasView(document.querySelector('canvas')!, {
  theme: options.get('theme') === 'light' ? 'light' : 'dark',
  graphics: (options.get('graphics') ?? undefined) as GraphicsName | undefined,
});
canvas.setView(view);

const events: {name: string; event: unknown}[] = [];
for (const name of [
  'click-empty',
  'click-node',
  'click-edge',
  'double-click-node',
  'select',
  'move',
  'resize',
  'connect',
  'context-menu',
  'fire',
  'delete',
  'open',
] as const) {
  canvas.on(name, event => events.push({name, event}));
}

let owed = 0;
let before = performance.now();
let running = options.get('run') !== '0';
function play(now: number): void {
  owed += (now - before) * speed;
  before = now;
  const ticks = Math.min(50, Math.floor(owed));
  owed -= Math.floor(owed);
  if (running && ticks > 0) canvas.applyFrame(player.advance(ticks, speed));
  requestAnimationFrame(play);
}
requestAnimationFrame(play);

declare global {
  interface Window {
    canvas: CanvasView;
    player: Player;
    demoView: CircuitView;
    demoEvents: typeof events;
    setRunning(on: boolean): void;
  }
}

Object.assign(window, {
  canvas,
  player,
  demoView: view,
  demoEvents: events,
  setRunning: (on: boolean) => {
    running = on;
  },
});
