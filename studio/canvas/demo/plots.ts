// A page that shows the plots of the observation dock with synthetic activity: plots.html?count=1000&theme=light
import {IntervalPlot, RasterPlot, RatePlot, SpikeLog, TimeWindow, TracePlot, WeightPlot} from '../src';
import {Player, random} from './synthetic';

const options = new URLSearchParams(location.search);
const count = Number(options.get('count') ?? 1000);
const theme = options.get('theme') === 'light' ? 'light' : 'dark';
document.body.style.background = theme === 'light' ? '#f7f9f8' : '#0e1113';

const element = (id: string) => document.getElementById(id) as HTMLCanvasElement;
const log = new SpikeLog();
const time = new TimeWindow(2000);
const name = (neuron: number) => `n${neuron}`;
const raster = new RasterPlot(element('raster'), time, log, name, {theme});
raster.setRows(Uint32Array.from({length: count}, (_, row) => row));
const rate = new RatePlot(element('rate'), time, log, {theme});
rate.setNeurons(null, count);
const traces = new TracePlot(element('traces'), time, log, name, {theme});
traces.setNeurons([1, 2]);
const weights = new WeightPlot(element('weights'), time, {theme});
weights.setSynapses(['a > b', 'b > c', 'c > a']);
const intervals = new IntervalPlot(element('interval'), time, log, {theme});

const player = new Player(count, Number(options.get('rate') ?? 8));
const next = random(3);
const learned = [20, 40, 60];
const level = [0, 0];
let figures = {frames: 0};

function feed(ticks: number): void {
  const from = player.tick;
  const frame = player.advance(ticks, 1);
  log.add(frame.spikes);
  const samples = {
    neurons: Uint32Array.of(1, 2),
    from,
    levels: new Int16Array(ticks * 2),
    thresholds: new Uint16Array(ticks * 2),
    modulation: new Int16Array(ticks * 2),
  };
  for (let row = 0; row < ticks; row++) {
    for (const column of [0, 1]) {
      level[column] = Math.max(0, level[column]! + next() * 6 - 2.4);
      if (level[column]! > 120) level[column] = 0;
      samples.levels[row * 2 + column] = level[column]! * 16;
      samples.thresholds[row * 2 + column] = (120 + 10 * Math.sin((from + row) / 300)) * 16;
      samples.modulation[row * 2 + column] = 30 * 256 * Math.sin((from + row) / 500);
    }
  }
  traces.add(samples);
  for (const line of [0, 1, 2]) learned[line]! += next() - 0.48;
  weights.add(player.tick, learned);
  time.advance(player.tick);
}

for (let warm = 0; warm < 150; warm++) feed(16);
function play(): void {
  feed(16);
  figures = {frames: figures.frames + 1};
  Object.assign(window, {canvas: {figures}});
  requestAnimationFrame(play);
}
requestAnimationFrame(play);
Object.assign(window, {raster, rate, traces, weights, intervals, log, time});
