import type {Color, Theme} from '../theme';
import * as shaders from './glsl';
import {
  atlasSize,
  type Batch,
  type DrawOptions,
  type Graphics,
  glowDecay,
  glowEnd,
  itemRow,
  type Kind,
  type NeuronState,
  type PixelView,
  stateRow,
} from './graphics';
import {cornersOf, indexedItems, piecesOf, stripIndices, stripPower} from './strips';
import {UploadedCopy} from './uploadedCopy';

type Program = {program: WebGLProgram; uniforms: Map<string, WebGLUniformLocation>};

const sources: Record<Kind | 'head' | 'line' | 'point' | 'dot' | 'grid' | 'layer', [vertex: string, fragment: string]> = {
  strand: [shaders.strandVertex, shaders.strandFragment],
  head: [shaders.headVertex, shaders.headFragment],
  line: [shaders.lineVertex, shaders.lineFragment],
  point: [shaders.neuronPointVertex, shaders.neuronPointFragment],
  dot: [shaders.dotVertex, shaders.dotFragment],
  pulse: [shaders.pulseVertex, shaders.pulseFragment],
  shape: [shaders.shapeVertex, shaders.shapeFragment],
  neuron: [shaders.neuronVertex, shaders.neuronFragment],
  field: [shaders.fieldVertex, shaders.fieldFragment],
  glow: [shaders.glowVertex, shaders.glowFragment],
  glyph: [shaders.glyphVertex, shaders.glyphFragment],
  grid: [shaders.gridVertex, shaders.gridFragment],
  layer: [shaders.layerVertex, shaders.layerFragment],
};

/** Items of a batch as they lie in a texture. */
interface Uploaded {
  texture: WebGLTexture;
  rows: number;
  version: number;
}

/** Corners of items, as triangles: the same for every batch of equally many vertices per item. */
interface Indices {
  buffer: WebGLBuffer;
  items: number;
}

interface Layer {
  texture: WebGLTexture;
  framebuffer: WebGLFramebuffer;
}

/** Vertices of items that are neither strips nor squares, as a power of two. */
const cornersAsPower: Partial<Record<string, number>> = {point: 0, dot: 0, neuron: 3, glow: 3};
const unit = {levels: 0, thresholds: 1, modulation: 2, spikes: 3, atlas: 4, layer: 5, items: 6};

/** The pixels of the screen on which a layer of its size lies. */
function coveredPart({scale, offsetX, offsetY}: PixelView, width: number, height: number) {
  const along = (offset: number, length: number) => {
    const from = Math.max(0, Math.ceil(-offset / scale - 0.5));
    return {from, length: Math.max(0, Math.min(length, Math.floor((length - offset) / scale + 0.5)) - from)};
  };
  const [across, down] = [along(offsetX, width), along(offsetY, height)];
  return {left: across.from, top: down.from, width: across.length, height: down.length};
}

export class WebGl2Graphics implements Graphics {
  readonly name = 'webgl2';
  private readonly programs = new Map<string, Program>();
  private readonly uploaded = new Map<Batch, Uploaded>();
  /** By the power of two of vertices per item. */
  private readonly indices = new Map<number, Indices>();
  private readonly textures: Record<'levels' | 'thresholds' | 'modulation' | 'spikes' | 'atlas', WebGLTexture>;
  private layers: [Layer, Layer];
  private drawnLayer = 0;
  private stateRows = 0;
  private levelsSeen = -1;
  private readonly copies = {levels: new UploadedCopy(), thresholds: new UploadedCopy(), modulation: new UploadedCopy()};
  private has: [number, number, number] = [0, 0, 0];
  private width = 1;
  private height = 1;
  private readonly empty: WebGLVertexArrayObject;
  private readonly nearest: WebGLSampler;
  private theme: Theme | null = null;
  private pixelRatio = 1;

  static create(canvas: HTMLCanvasElement | OffscreenCanvas): WebGl2Graphics | null {
    const gl = (canvas as HTMLCanvasElement).getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      powerPreference: 'high-performance',
    });
    return gl ? new WebGl2Graphics(gl) : null;
  }

  private constructor(private readonly gl: WebGL2RenderingContext) {
    for (const [name, [vertex, fragment]] of Object.entries(sources)) this.programs.set(name, this.link(vertex, fragment));
    this.empty = gl.createVertexArray()!;
    this.nearest = gl.createSampler()!;
    gl.samplerParameteri(this.nearest, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.samplerParameteri(this.nearest, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.textures = {
      levels: this.texture(unit.levels),
      thresholds: this.texture(unit.thresholds),
      modulation: this.texture(unit.modulation),
      spikes: this.texture(unit.spikes),
      atlas: this.texture(unit.atlas),
    };
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.activeTexture(gl.TEXTURE0 + unit.atlas);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R8, atlasSize, atlasSize);
    this.reserveState(1);
    this.layers = [this.layer(), this.layer()];
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  get lost(): boolean {
    return this.gl.isContextLost();
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.pixelRatio = pixelRatio;
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    for (const {texture, framebuffer} of this.layers) {
      this.gl.deleteTexture(texture);
      this.gl.deleteFramebuffer(framebuffer);
    }
    this.layers = [this.layer(), this.layer()];
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    for (const {program, uniforms} of this.programs.values()) {
      this.gl.useProgram(program);
      const color = (name: string, value: Color) => this.gl.uniform3f(uniforms.get(name) ?? null, ...value);
      color('u_surface', theme.surface);
      color('u_outline', theme.outlineStrong);
      color('u_fill', theme.fill);
      color('u_fillNegative', theme.fillNegative);
      color('u_accent', theme.accent);
      color('u_accentBright', theme.accentBright);
      color('u_excite', theme.excite);
      color('u_inhibit', theme.inhibit);
      color('u_faded', theme.faded);
      color('u_grown', theme.grown);
      color('u_shrunk', theme.shrunk);
      color('u_modulated', theme.modulation);
      color('u_background', theme.background);
      this.gl.uniform1f(uniforms.get('u_additive') ?? null, theme.glow);
    }
  }

  uploadState(state: NeuronState): void {
    const {gl} = this;
    const rows = Math.max(1, Math.ceil(state.count / stateRow));
    const grown = rows > this.stateRows;
    if (grown) this.reserveState(rows);
    if (grown) {
      this.rows(unit.spikes, gl.RED, gl.FLOAT, state.spikeTimes, 0, state.count);
    } else if (state.dirtyTo >= state.dirtyFrom) {
      this.rows(unit.spikes, gl.RED, gl.FLOAT, state.spikeTimes, state.dirtyFrom, state.dirtyTo + 1);
    }
    state.dirtyFrom = Number.POSITIVE_INFINITY;
    state.dirtyTo = -1;
    this.has = [state.levels ? 1 : 0, state.thresholds ? 1 : 0, state.modulation ? 1 : 0];
    if (state.levelsVersion === this.levelsSeen && !grown) return;
    this.levelsSeen = state.levelsVersion;
    if (grown) for (const copy of Object.values(this.copies)) copy.forget();
    const {base, count} = state;
    const upload = (name: 'levels' | 'thresholds' | 'modulation', type: number) => {
      const values = state[name];
      const change = values && this.copies[name].update(values, base, count);
      if (change) this.rows(unit[name], gl.RED_INTEGER, type, values, change.from, change.to, base);
    };
    upload('levels', gl.SHORT);
    upload('thresholds', gl.UNSIGNED_SHORT);
    upload('modulation', gl.SHORT);
  }

  uploadGlyph(x: number, y: number, width: number, height: number, pixels: Uint8Array): void {
    const {gl} = this;
    gl.activeTexture(gl.TEXTURE0 + unit.atlas);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, gl.RED, gl.UNSIGNED_BYTE, pixels);
  }

  target(where: 'screen' | 'layer', clear: Color | null): void {
    const {gl} = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, where === 'screen' ? null : this.layers[this.drawnLayer]!.framebuffer);
    gl.viewport(0, 0, this.width, this.height);
    if (clear) {
      gl.clearColor(clear[0], clear[1], clear[2], 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
    }
  }

  drawGrid(view: PixelView, spacing: number, strength: number): void {
    const uniforms = this.use('grid', view, 0);
    const color = this.theme?.grid ?? [0, 0, 0];
    this.gl.uniform4f(uniforms.get('u_grid') ?? null, color[0], color[1], color[2], strength);
    this.gl.uniform1f(uniforms.get('u_spacing') ?? null, spacing);
    this.fillScreen();
  }

  draw(batch: Batch, options: DrawOptions): void {
    const from = options.from ?? 0;
    const count = (options.to ?? batch.count) - from;
    if (count <= 0) return;
    const {gl} = this;
    const kind = options.as ?? batch.kind;
    const uniforms = this.use(kind, options.view, options.now);
    this.upload(batch);
    const isStrip = kind === 'strand' || kind === 'line' || kind === 'pulse';
    const power = isStrip ? stripPower(options.segments ?? 16) : (cornersAsPower[kind] ?? 2);
    gl.uniform3i(uniforms.get('u_item') ?? null, power, from, batch.stride / 4);
    if (isStrip) {
      gl.uniform1i(uniforms.get('u_segments') ?? null, piecesOf(power));
      gl.uniform1f(uniforms.get('u_opacity') ?? null, options.opacity ?? 1);
    } else if (kind === 'neuron' || kind === 'point' || kind === 'dot' || kind === 'field') {
      gl.uniform3i(uniforms.get('u_has') ?? null, ...this.has);
      gl.uniform2f(uniforms.get('u_glow') ?? null, 1 / glowDecay, glowEnd);
    }
    gl.bindVertexArray(this.empty);
    if (power === 0) {
      gl.drawArrays(gl.POINTS, 0, count);
      return;
    }
    this.bindIndices(power, count);
    gl.drawElements(gl.TRIANGLES, count * cornersOf(power), gl.UNSIGNED_INT, 0);
  }

  drawLayer(view: PixelView): void {
    const {gl, width, height} = this;
    const covered = coveredPart(view, width, height);
    if (covered.width < width || covered.height < height) {
      const [red, green, blue] = this.theme!.background;
      gl.clearColor(red, green, blue, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
    }
    this.use('layer', view, 0);
    gl.activeTexture(gl.TEXTURE0 + unit.layer);
    gl.bindTexture(gl.TEXTURE_2D, this.layers[1 - this.drawnLayer]!.texture);
    // Offsets are whole pixels: without a change of scale nothing is to be blended.
    gl.bindSampler(unit.layer, view.scale === 1 ? this.nearest : null);
    gl.disable(gl.BLEND);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(covered.left, height - covered.top - covered.height, covered.width, covered.height);
    this.fillScreen();
    gl.disable(gl.SCISSOR_TEST);
    gl.enable(gl.BLEND);
  }

  swapLayer(): void {
    this.drawnLayer = 1 - this.drawnLayer;
  }

  endFrame(): void {
    this.gl.flush();
  }

  destroy(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private fillScreen(): void {
    this.gl.bindVertexArray(this.empty);
    this.gl.drawArrays(this.gl.TRIANGLES, 0, 3);
  }

  private use(name: string, view: PixelView, now: number): Map<string, WebGLUniformLocation> {
    const {program, uniforms} = this.programs.get(name)!;
    const {gl} = this;
    gl.useProgram(program);
    gl.uniform4f(uniforms.get('u_view') ?? null, view.scale, view.offsetX, view.offsetY, this.pixelRatio);
    gl.uniform2f(uniforms.get('u_screen') ?? null, this.width, this.height);
    gl.uniform1f(uniforms.get('u_now') ?? null, now);
    return uniforms;
  }

  /** Binds the texture with the batch's items and brings it up to date. */
  private upload(batch: Batch): void {
    const {gl} = this;
    const needed = Math.max(1, Math.ceil((batch.count * batch.stride) / itemRow));
    let uploaded = this.uploaded.get(batch);
    if (!uploaded || uploaded.rows < needed) {
      if (uploaded) gl.deleteTexture(uploaded.texture);
      const rows = batch.data.length / itemRow;
      uploaded = {texture: this.texture(unit.items), rows, version: -1};
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, itemRow / 4, rows);
      this.uploaded.set(batch, uploaded);
    } else {
      gl.activeTexture(gl.TEXTURE0 + unit.items);
      gl.bindTexture(gl.TEXTURE_2D, uploaded.texture);
    }
    if (uploaded.version === batch.version) return;
    uploaded.version = batch.version;
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, itemRow / 4, needed, gl.RGBA, gl.FLOAT, batch.data);
  }

  /** Binds indices for `items` items of 2^power vertices each. */
  private bindIndices(power: number, items: number): void {
    const {gl} = this;
    let indices = this.indices.get(power);
    if (!indices) {
      indices = {buffer: gl.createBuffer()!, items: 0};
      this.indices.set(power, indices);
    }
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, indices.buffer);
    if (indices.items >= items) return;
    indices.items = indexedItems(items);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, stripIndices(power, indices.items), gl.STATIC_DRAW);
  }

  /** Uploads whole rows of a state texture that hold the entries from .. to-1 of the array, which starts at `base`. */
  private rows(
    textureUnit: number,
    format: number,
    type: number,
    values: Int16Array | Uint16Array | Float32Array,
    from: number,
    to: number,
    base = 0,
  ): void {
    const {gl} = this;
    gl.activeTexture(gl.TEXTURE0 + textureUnit);
    const firstRow = Math.floor(from / stateRow);
    const end = Math.min(to, values.length - base);
    const fullRows = Math.floor(end / stateRow);
    if (fullRows > firstRow) {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, firstRow, stateRow, fullRows - firstRow, format, type, values, base + firstRow * stateRow);
    }
    const rest = end - fullRows * stateRow;
    if (rest > 0 && fullRows >= firstRow)
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, fullRows, rest, 1, format, type, values, base + fullRows * stateRow);
  }

  private reserveState(rows: number): void {
    const {gl} = this;
    this.stateRows = rows;
    const allocate = (name: 'levels' | 'thresholds' | 'modulation' | 'spikes', internal: number) => {
      gl.deleteTexture(this.textures[name]);
      this.textures[name] = this.texture(unit[name]);
      gl.texStorage2D(gl.TEXTURE_2D, 1, internal, stateRow, rows);
    };
    allocate('levels', gl.R16I);
    allocate('thresholds', gl.R16UI);
    allocate('modulation', gl.R16I);
    allocate('spikes', gl.R32F);
    this.rows(unit.spikes, gl.RED, gl.FLOAT, new Float32Array(rows * stateRow).fill(-1e9), 0, rows * stateRow);
  }

  private texture(textureUnit: number, filter: number = this.gl.NEAREST): WebGLTexture {
    const {gl} = this;
    const texture = gl.createTexture()!;
    gl.activeTexture(gl.TEXTURE0 + textureUnit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return texture;
  }

  private layer(): Layer {
    const {gl} = this;
    const texture = this.texture(unit.layer, gl.LINEAR);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, this.width, this.height);
    const framebuffer = gl.createFramebuffer()!;
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return {texture, framebuffer};
  }

  private link(vertexSource: string, fragmentSource: string): Program {
    const {gl} = this;
    const program = gl.createProgram()!;
    const attach = (type: number, source: string) => {
      const shader = gl.createShader(type)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      return shader;
    };
    const stages = [attach(gl.VERTEX_SHADER, vertexSource), attach(gl.FRAGMENT_SHADER, fragmentSource)];
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`shader: ${stages.map(stage => gl.getShaderInfoLog(stage)).join(' ')} ${gl.getProgramInfoLog(program)}`);
    }
    const uniforms = new Map<string, WebGLUniformLocation>();
    const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) as number;
    for (let number = 0; number < count; number++) {
      const name = gl.getActiveUniform(program, number)!.name;
      uniforms.set(name, gl.getUniformLocation(program, name)!);
    }
    gl.useProgram(program);
    const textureUnits: [string, number][] = [
      ['u_levels', unit.levels],
      ['u_thresholds', unit.thresholds],
      ['u_modulation', unit.modulation],
      ['u_spikes', unit.spikes],
      ['u_atlas', unit.atlas],
      ['u_layer', unit.layer],
      ['u_items', unit.items],
    ];
    for (const [name, textureUnit] of textureUnits) if (uniforms.has(name)) gl.uniform1i(uniforms.get(name)!, textureUnit);
    return {program, uniforms};
  }
}
