// Boxes, neurons, populations, their light, and text.

// Part of the threshold that is filled (-1..1), light of the last spike (0..1), modulation (-1..1).
fn filledOf(neuron: u32) -> f32 {
  if ((draw.known & 1) == 0) { return 0; }
  var threshold = 2032.0;
  if ((draw.known & 2) != 0) { threshold = max(1, thresholdOf(neuron)); }
  return clamp(levelOf(neuron) / threshold, -1, 1);
}
fn lightOf(neuron: u32) -> f32 {
  let age = millisecondsSinceSpike(neuron);
  return select(0, exp(-max(age, 0) / glowDecay), age < glowEnd);
}
fn modulationOf(neuron: u32) -> f32 {
  if ((draw.known & 4) == 0) { return 0; }
  return clamp(modulationLevelOf(neuron) / 16384, -1, 1);
}

// Texels: middle and half size (world); what is added to both, in pixels; radius (world), radius (pixels), border (pixels), softness (pixels);
// colour of the inside; colour of the border.
struct Shape {
  @builtin(position) clip: vec4f,
  @location(0) place: vec2f,
  @location(1) @interpolate(flat) half_: vec2f,
  @location(2) @interpolate(flat) form: vec3f,     // radius, border, softness
  @location(3) @interpolate(flat) fill: vec4f,
  @location(4) @interpolate(flat) line: vec4f,
}

@vertex fn shapeVertex(@builtin(vertex_index) vertex: u32) -> Shape {
  let box = item(vertex, 0);
  let pixels = item(vertex, 1);
  let form = item(vertex, 2);
  var half_ = box.zw * draw.view.x + pixels.zw;
  var middle = toPixel(box.xy) + pixels.xy;
  if (form.w == 0) {                                        // crisp edges: both sides on whole pixels
    let low = floor(middle - half_ + 0.5);
    let high = floor(middle + half_ + 0.5);
    middle = (low + high) * 0.5;
    half_ = max((high - low) * 0.5, vec2f(0.5));
  }
  let place = corner(vertex) * (half_ + 1 + form.w);
  let radius = min(form.x * draw.view.x + form.y, min(half_.x, half_.y));
  return Shape(toClip(middle + place), place, half_, vec3f(radius, form.zw), item(vertex, 3), item(vertex, 4));
}

@fragment fn shapeFragment(in: Shape) -> @location(0) vec4f {
  let beyond = abs(in.place) - in.half_ + in.form.x;
  let away = length(max(beyond, vec2f(0))) + min(max(beyond.x, beyond.y), 0) - in.form.x;
  if (in.form.z > 0) {
    let soft = clamp(0.5 - away / in.form.z * 0.5, 0, 1);
    return vec4f(in.fill.rgb, 1) * (soft * soft * in.fill.a);
  }
  let outside = clamp(0.5 - away, 0, 1);
  let inside = clamp(0.5 - (away + in.form.y), 0, 1);
  return vec4f(in.fill.rgb, 1) * (inside * in.fill.a) + vec4f(in.line.rgb, 1) * ((outside - inside) * in.line.a);
}

// Inside of one neuron; `place` in pixels from its middle, y down.
fn discColor(place: vec2f, radius: f32, filled: f32, light: f32) -> vec3f {
  let surface = radius * (1 - 2 * abs(filled));             // y of the surface of the liquid, from -radius to radius
  let wet = clamp(place.y - surface + 0.5, 0, 1) * step(0.004, abs(filled));
  let inside = mix(theme.surface, select(theme.fillNegative, theme.fill, filled >= 0), wet);
  return mix(inside, mix(theme.accent, theme.accentBright, 0.25 * light * theme.additive), smoothstep(0, 0.75, light));
}

// Texels: middle, radius (world), neuron (-1: none); bits (1 selected, 2 pointed at, 4 dimmed), light (0..1) of a population.
struct NeuronDisc {
  @builtin(position) clip: vec4f,
  @location(0) place: vec2f,
  @location(1) @interpolate(flat) state: vec4f,    // radius in pixels, filled, light, modulation
  @location(2) @interpolate(flat) bits: u32,
}

fn neuronAt(vertex: u32) -> NeuronDisc {
  let disc = item(vertex, 0);
  let mark = item(vertex, 1).xy;
  let bits = bitsOf(mark.x);
  var state = vec4f(disc.z * draw.view.x, 0, mark.y, 0);
  if (disc.w >= 0) {
    let neuron = bitsOf(disc.w);
    state = vec4f(state.x, filledOf(neuron), lightOf(neuron), modulationOf(neuron));
  }
  let place = corner(vertex) * (max(state.x, 0.6) + select(1, 7 * max(1, draw.view.w), (bits & 3) != 0));
  return NeuronDisc(toClip(toPixel(disc.xy) + place), place, state, bits);
}

@vertex fn neuronVertex(@builtin(vertex_index) vertex: u32) -> NeuronDisc { return neuronAt(vertex); }

@fragment fn neuronFragment(in: NeuronDisc) -> @location(0) vec4f {
  let radius = in.state.x;
  let light = in.state.z;
  let away = length(in.place);
  let ratio = max(1, draw.view.w);
  let line = clamp(radius * 0.075, 0, 2.2 * ratio);
  let outside = clamp(radius + 0.5 - away, 0, 1) * min(1, radius);
  let inside = clamp(radius - line + 0.5 - away, 0, 1);
  let lit = smoothstep(0, 0.6, light);
  var body = mix(mix(theme.outline, theme.accent, lit), discColor(in.place, radius, in.state.y, light), select(inside, 1, line < 0.3));
  if (line < 0.3) { body = mix(mix(theme.outline, body, 0.35), theme.accent, lit); }
  let modulated = abs(in.state.w);
  if (modulated > 0.01 && radius > 6) {                     // a thin ring inside the rim
    let ring = clamp(max(radius * 0.05, 0.8) + 0.5 - abs(away - radius * 0.84), 0, 1) * (0.25 + 0.75 * modulated);
    body = mix(body, select(theme.shrunk, theme.modulated, in.state.w > 0), ring);
  }
  var sum = vec4f(body, 1) * outside * select(1, 0.28, (in.bits & 4) != 0);
  if ((in.bits & 3) != 0) {
    let selected = (in.bits & 1) != 0;
    let half_ = select(0.6, 1, selected) * ratio;
    let ring = clamp(half_ + 0.5 - abs(away - radius - 3.5 * ratio), 0, 1) * select(0.55, 1, selected);
    sum = sum * (1 - ring) + vec4f(theme.accent, 1) * ring;
  }
  return sum;
}

// Neurons so small that neither rim nor surface of the level can be told: coloured by vertex, hardly any work per pixel.
struct Dot {
  @builtin(position) clip: vec4f,
  @location(0) place: vec2f,
  @location(1) @interpolate(flat) color: vec4f,
  @location(2) @interpolate(flat) form: vec2f,     // radius, radius of the ring (0: none)
}

@vertex fn dotVertex(@builtin(vertex_index) vertex: u32) -> Dot {
  let neuron = neuronAt(vertex);
  let filled = neuron.state.y;
  let light = neuron.state.z;
  let inside = mix(theme.outline, select(theme.fillNegative, theme.fill, filled >= 0), abs(filled));
  let body = mix(inside, mix(theme.accent, theme.accentBright, 0.25 * light * theme.additive), smoothstep(0, 0.6, light));
  let radius = neuron.state.x;
  let color = vec4f(body, 1) * min(1, radius) * select(1, 0.28, (neuron.bits & 4) != 0);
  return Dot(neuron.clip, neuron.place, color, vec2f(radius, select(0, radius + 3.5 * max(1, draw.view.w), (neuron.bits & 3) != 0)));
}

@fragment fn dotFragment(in: Dot) -> @location(0) vec4f {
  let away = length(in.place);
  let color = in.color * clamp(in.form.x + 0.5 - away, 0, 1);
  let ring = clamp(max(1, draw.view.w) + 0.5 - abs(away - in.form.y), 0, 1) * select(0.0, 1.0, in.form.y > 0);
  return color * (1 - ring) + vec4f(theme.accent, 1) * ring;
}

// Texels: middle and half size (world); columns, rows, neurons, first neuron; radius over pitch, dimmed.
struct Field {
  @builtin(position) clip: vec4f,
  @location(0) cell: vec2f,
  @location(1) @interpolate(flat) cells: vec4f,
  @location(2) @interpolate(flat) form: vec3f,     // radius over pitch, dimmed, pitch in pixels
}

@vertex fn fieldVertex(@builtin(vertex_index) vertex: u32) -> Field {
  let box = item(vertex, 0);
  let cells = item(vertex, 1);
  let half_ = box.zw * draw.view.x;
  let cell = (corner(vertex) * 0.5 + 0.5) * cells.xy;
  return Field(toClip(toPixel(box.xy) + corner(vertex) * half_), cell, cells, vec3f(item(vertex, 2).xy, half_.x * 2 / cells.x));
}

@fragment fn fieldFragment(in: Field) -> @location(0) vec4f {
  let cell = min(vec2u(in.cell), vec2u(in.cells.xy) - 1);
  let number = cell.y * u32(in.cells.x) + cell.x;
  if (number >= u32(in.cells.z)) { discard; }
  var light = 0.0;
  var filled = 0.0;
  if (in.cells.w >= 0) {
    let neuron = bitsOf(in.cells.w) + number;
    light = lightOf(neuron);
    filled = filledOf(neuron);
  }
  let pitch = in.form.z;
  let radius = pitch * in.form.x;
  let place = (fract(in.cell) - 0.5) * pitch;
  let away = length(place);
  let outside = clamp(radius + 0.5 - away, 0, 1) * min(1, radius * 1.2);
  let lit = smoothstep(0, 0.6, light);
  var body: vec3f;
  if (radius < 4) {
    body = mix(mix(theme.outline, select(theme.fillNegative, theme.fill, filled >= 0), abs(filled)), theme.accent, lit);
  } else {
    let inside = clamp(radius - clamp(radius * 0.09, 0.6, 2) + 0.5 - away, 0, 1);
    body = mix(mix(theme.outline, theme.accent, lit), discColor(place, radius, filled, light), inside);
  }
  let beyond = clamp(1 - (away - radius) / (pitch * 0.5 - radius), 0, 1);  // out at the border of the cell
  let halo = light * beyond * beyond * 0.4 * (1 - outside);
  let sum = vec4f(body, 1) * outside + vec4f(theme.accent, 1 - 0.7 * theme.additive) * halo;
  return sum * select(1, 0.28, in.form.y > 0.5);
}

// Texels: middle, radius (world), light (0..1); colour.
struct Glow {
  @builtin(position) clip: vec4f,
  @location(0) place: vec2f,
  @location(1) @interpolate(flat) color: vec4f,
  @location(2) @interpolate(flat) form: vec2f,     // light, radius of the disc over that of the halo
}

@vertex fn glowVertex(@builtin(vertex_index) vertex: u32) -> Glow {
  let disc = item(vertex, 0);
  let inner = disc.z * draw.view.x;
  let radius = min(inner * 2.7, inner + 60 * max(1, draw.view.w));
  let place = corner(vertex);
  return Glow(toClip(toPixel(disc.xy) + place * radius), place, item(vertex, 1), vec2f(disc.w, inner / radius));
}

@fragment fn glowFragment(in: Glow) -> @location(0) vec4f {
  let away = length(in.place);
  let fall = max(0, 1 - away);
  let outside = clamp(1 + (away - in.form.y) * 14, 0.18, 1);  // the disc itself is lit already
  let amount = fall * fall * outside * in.form.x * mix(0.45, 0.75, theme.additive) * in.color.a;
  return vec4f(in.color.rgb, 1 - theme.additive) * amount;
}

// Texels: anchor (world); left and top (pixels from the anchor), width, height; left, top, width, height in the atlas; colour.
struct Glyph {
  @builtin(position) clip: vec4f,
  @location(0) texel: vec2f,
  @location(1) @interpolate(flat) color: vec4f,
}

@vertex fn glyphVertex(@builtin(vertex_index) vertex: u32) -> Glyph {
  let box = item(vertex, 1);
  let texels = item(vertex, 2);
  let part = corner(vertex) * 0.5 + 0.5;
  let pixel = floor(toPixel(item(vertex, 0).xy) + 0.5) + box.xy + part * box.zw;
  return Glyph(toClip(pixel), texels.xy + part * texels.zw, item(vertex, 3));
}

@fragment fn glyphFragment(in: Glyph) -> @location(0) vec4f {
  return vec4f(in.color.rgb, 1) * (textureLoad(atlas, vec2u(in.texel), 0).r * in.color.a);
}
