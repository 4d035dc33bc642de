/** What the canvas did in its last frames, for measurements and tests. */
export interface CanvasFigures {
  frames: number;
  neurons: number;
  strands: number;
  pulses: number;
  /** Milliseconds the last frame took on the main thread. */
  frameMilliseconds: number;
  oneByOne: boolean;
  /** Nodes and strands of the scene that the last view made to be written anew. */
  rewrittenNodes: number;
  rewrittenStrands: number;
  graphics: string;
}

export function noFigures(): CanvasFigures {
  return {
    frames: 0,
    neurons: 0,
    strands: 0,
    pulses: 0,
    frameMilliseconds: 0,
    oneByOne: true,
    rewrittenNodes: 0,
    rewrittenStrands: 0,
    graphics: '',
  };
}
