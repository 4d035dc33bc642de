import {lookInhibit, lookModulator, type Scene, strandDelay, strandLook, strandSize, strandWidth} from './scene';

/** Strands of a scene seen from far away: those between the same two cells of a grid are one. */
export interface Aggregate {
  version: number;
  cellSize: number;
  strands: Float32Array;
  count: number;
}

interface Sum {
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  synapses: number;
  look: number;
}

const sliceOfWork = 2000;
/** Cells in a row, at most; keys of pairs of cells stay exact. */
const cellsAcross = 2048;
/** Looks that are told apart: bits of inhibition and modulation. */
const looks = 8;

/** Works in slices; returns the aggregate. `cellSize` in world units. */
export function* aggregate(scene: Scene, cellSize: number): Generator<void, Aggregate> {
  const {version} = scene;
  const sums = new Map<number, Sum>();
  const box = scene.bounds() ?? {left: 0, top: 0};
  const cellOf = (x: number, y: number) =>
    Math.min(cellsAcross - 1, Math.floor((x - box.left) / cellSize)) * cellsAcross +
    Math.min(cellsAcross - 1, Math.floor((y - box.top) / cellSize));
  for (let strand = 0; strand < scene.strandCount; strand++) {
    if (strand % sliceOfWork === sliceOfWork - 1) yield;
    if (scene.edgeOfStrand[strand]! < 0) continue;
    const source = scene.nodes[scene.sourceOfStrand[strand]!]!;
    const target = scene.nodes[scene.targetOfStrand[strand]!]!;
    const look = scene.strands[strand * strandSize + strandLook]! & (lookInhibit | lookModulator);
    const from = cellOf(source.x, source.y);
    const to = cellOf(target.x, target.y);
    if (from !== to) {
      const key = (from * cellsAcross * cellsAcross + to) * looks + look;
      let sum = sums.get(key);
      if (!sum) {
        sum = {fromX: 0, fromY: 0, toX: 0, toY: 0, synapses: 0, look};
        sums.set(key, sum);
      }
      sum.fromX += source.x;
      sum.fromY += source.y;
      sum.toX += target.x;
      sum.toY += target.y;
      sum.synapses++;
    }
  }
  const strands = new Float32Array(sums.size * strandSize);
  let at = 0;
  for (const {fromX, fromY, toX, toY, synapses, look} of sums.values()) {
    const x0 = fromX / synapses;
    const y0 = fromY / synapses;
    const x1 = toX / synapses;
    const y1 = toY / synapses;
    const bendX = (y0 - y1) * 0.12;
    const bendY = (x1 - x0) * 0.12;
    strands.set(
      [
        x0,
        y0,
        x0 + (x1 - x0) / 3 + bendX,
        y0 + (y1 - y0) / 3 + bendY,
        x0 + ((x1 - x0) * 2) / 3 + bendX,
        y0 + ((y1 - y0) * 2) / 3 + bendY,
        x1,
        y1,
      ],
      at,
    );
    strands[at + strandWidth] = (cellSize / 120) * Math.min(4, 0.5 + Math.log2(1 + synapses) * 0.3);
    strands[at + strandDelay] = 1;
    strands[at + strandLook] = look;
    at += strandSize;
  }
  return {version, cellSize, strands, count: sums.size};
}
