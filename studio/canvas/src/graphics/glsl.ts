// All shaders of the WebGL2 renderer. Pixels are device pixels; colours are premultiplied by their opacity when written.

const header = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp usampler2D;
uniform vec4 u_view;      // pixel = world * u_view.x + u_view.yz
uniform vec2 u_screen;    // width and height in pixels
uniform float u_now;      // display time, milliseconds
`;

/**
 * Items are drawn without instancing: one call draws all their vertices, and the vertex shader reads an item's values from a texture. SwiftShader,
 * which draws where there is no graphics card, takes tens of microseconds for every instance of an instanced call, and hardly more for this whole call.
 */
const vertexTools = `
uniform sampler2D u_items;
uniform ivec3 u_item;     // vertices per item as a power of two, first item, texels per item
int vertexOfItem() { return gl_VertexID & ((1 << u_item.x) - 1); }
vec4 item(int texel) {
  int place = ((gl_VertexID >> u_item.x) + u_item.y) * u_item.z + texel;
  return texelFetch(u_items, ivec2(place & 2047, place >> 11), 0);
}
vec4 toClip(vec2 pixel) { return vec4(pixel.x / u_screen.x * 2.0 - 1.0, 1.0 - pixel.y / u_screen.y * 2.0, 0.0, 1.0); }
vec2 toPixel(vec2 world) { return world * u_view.x + u_view.yz; }
vec2 corner() { return vec2(float(gl_VertexID & 1), float((gl_VertexID >> 1) & 1)) * 2.0 - 1.0; }
// Corners of the octagon around the unit circle, as a strip: a sixth fewer pixels than the square has.
vec2 octagon() {
  int row = (gl_VertexID >> 1) & 3;
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  float up = row < 2 ? -1.0 : 1.0;
  return row == 0 || row == 3 ? vec2(side * 0.41422, up) : vec2(side, up * 0.41422);
}
`;

/** Reads the state of a neuron: part of its threshold that is filled (-1..1), light of its last spike (0..1), modulation (-1..1). */
const stateTools = `
uniform isampler2D u_levels;
uniform usampler2D u_thresholds;
uniform isampler2D u_modulation;
uniform sampler2D u_spikes;
uniform vec2 u_glow;      // 1 / decay, end, in milliseconds
uniform bvec3 u_has;      // levels, thresholds, modulation
ivec2 stateTexel(int neuron) { return ivec2(neuron & 2047, neuron >> 11); }
float glowOf(int neuron) {
  float age = u_now - texelFetch(u_spikes, stateTexel(neuron), 0).r;
  return age < u_glow.y ? exp(-max(age, 0.0) * u_glow.x) : 0.0;
}
float filledOf(int neuron) {
  if (!u_has.x) return 0.0;
  float threshold = u_has.y ? max(1.0, float(texelFetch(u_thresholds, stateTexel(neuron), 0).r)) : 2032.0;
  return clamp(float(texelFetch(u_levels, stateTexel(neuron), 0).r) / threshold, -1.0, 1.0);
}
float modulationOf(int neuron) {
  return u_has.z ? clamp(float(texelFetch(u_modulation, stateTexel(neuron), 0).r) / 16384.0, -1.0, 1.0) : 0.0;
}
`;

const themeColors = `
uniform vec3 u_surface, u_outline, u_fill, u_fillNegative, u_accent, u_accentBright, u_excite, u_inhibit, u_faded, u_grown, u_shrunk, u_modulated;
uniform float u_additive; // 1: light adds, 0: light covers
`;

const curveTools = `
vec4 i_start, i_end;      // curve: x0 y0 cx0 cy0, cx1 cy1 x1 y1
vec4 i_look;              // width (world), learned part (weights), delay (ticks), bits of look
void fetchCurve() { i_start = item(0); i_end = item(1); i_look = item(2); }
vec2 curveAt(float t) {
  float s = 1.0 - t;
  return s * s * s * i_start.xy + 3.0 * s * s * t * i_start.zw + 3.0 * s * t * t * i_end.xy + t * t * t * i_end.zw;
}
vec2 slopeAt(float t) {
  float s = 1.0 - t;
  vec2 slope = s * s * (i_start.zw - i_start.xy) + 2.0 * s * t * (i_end.xy - i_start.zw) + t * t * (i_end.zw - i_end.xy);
  return length(slope) > 1e-6 ? normalize(slope) : vec2(1.0, 0.0);
}
float curveLength() {
  float hull = distance(i_start.xy, i_start.zw) + distance(i_start.zw, i_end.xy) + distance(i_end.xy, i_end.zw);
  return (hull + distance(i_start.xy, i_end.zw)) * 0.5;
}
// Lines thinner than a pixel stay a pixel wide and pale instead, so that they neither break nor shimmer.
vec2 lineWidth(float world) { float wide = world * u_view.x; return vec2(max(wide, 1.0), clamp(wide, 0.12, 1.0)); }
`;

export const strandVertex = `${header}${vertexTools}${curveTools}
uniform int u_segments;
out float v_across, v_along, v_t;
flat out vec4 v_look;     // half width, border, opacity, bits
flat out float v_learned, v_length, v_world;
void main() {
  fetchCurve();
  float t = float(vertexOfItem() >> 1) / float(u_segments);
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  vec2 line = lineWidth(i_look.x);
  float border = abs(i_look.y) < 0.5 ? 0.0 : clamp(abs(i_look.y) / 127.0 * 5.0 + 0.8, 0.8, 3.0) * clamp(u_view.x, 0.3, 2.0);
  float reach = line.x * 0.5 + border + 1.0;
  vec2 slope = slopeAt(t);
  vec2 pixel = toPixel(curveAt(t)) + vec2(-slope.y, slope.x) * side * reach;
  v_across = side * reach;
  v_length = curveLength() * u_view.x;
  v_along = t * v_length;
  v_t = t;
  v_look = vec4(line.x * 0.5, border, line.y, i_look.w);
  v_learned = i_look.y;
  v_world = i_look.x;
  gl_Position = toClip(pixel);
}`;

export const strandFragment = `${header}${themeColors}
uniform float u_opacity;
in float v_across, v_along, v_t;
flat in vec4 v_look;
flat in float v_learned, v_length, v_world;
out vec4 color;
void main() {
  int bits = int(v_look.w + 0.5);
  float width = v_look.x * 2.0;
  float away = abs(v_across);
  float cover = clamp(v_look.x + 0.5 - away, 0.0, 1.0);
  float border = v_look.y > 0.0 ? clamp(v_look.x + v_look.y + 0.5 - away, 0.0, 1.0) - cover : 0.0;
  if ((bits & 3) == 1) {                                   // modulator: dashes
    float period = max(12.0, width * 5.0);
    float place = abs(fract(v_along / period) - 0.5) * period;
    float dash = clamp(period * 0.31 + 0.5 - place, 0.0, 1.0);
    cover *= dash; border *= dash;
  } else if ((bits & 3) == 2) {                            // electric: round dots
    float period = max(5.0, width * 2.4);
    float place = (fract(v_along / period) - 0.5) * period;
    float radius = max(v_look.x, 1.1);
    float dot_ = clamp(radius + 0.5 - length(vec2(place, v_across)), 0.0, 1.0);
    cover = dot_; border = border > 0.0 ? clamp(radius + v_look.y + 0.5 - length(vec2(place, v_across)), 0.0, 1.0) - dot_ : 0.0;
  }
  // The line ends where the arrow head or the ring of a modulator begins.
  float head = clamp((4.2 + v_world * 0.9) * u_view.x, 0.0, 40.0) * ((bits & 3) == 1 ? 0.87 : (bits & 4) != 0 ? 0.0 : 0.75);
  float uncovered = clamp(v_length - v_along - head + 0.5, 0.0, 1.0);
  cover *= uncovered;
  border *= uncovered;
  vec3 vivid = (bits & 4) != 0 ? u_inhibit : u_excite;
  vec3 line = (bits & 16) != 0 ? vivid : mix(vivid, u_faded, smoothstep(0.05, 0.95, v_t));
  float opacity = v_look.z * u_opacity * ((bits & 8) != 0 ? 0.62 : 0.92);
  vec3 edge = v_learned > 0.0 ? u_grown : u_shrunk;
  float line_ = cover * opacity;
  float edge_ = border * opacity;
  color = vec4(line * line_ + edge * edge_, line_ + edge_);
}`;

/** Lines seen from afar, where neither dashes nor borders can be told: colour by vertex, hardly any work per pixel. */
export const lineVertex = `${header}${vertexTools}${themeColors}${curveTools}
uniform int u_segments;
uniform float u_opacity;
out float v_across;
flat out float v_half;
out vec4 v_color;
void main() {
  fetchCurve();
  float t = float(vertexOfItem() >> 1) / float(u_segments);
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  vec2 line = lineWidth(i_look.x);
  v_half = line.x * 0.5;
  v_across = side * (v_half + 0.75);
  vec2 slope = slopeAt(t);
  int bits = int(i_look.w + 0.5);
  vec3 vivid = (bits & 4) != 0 ? u_inhibit : u_excite;
  v_color = vec4(mix(vivid, u_faded, smoothstep(0.05, 0.95, t)), 1.0) * line.y * u_opacity * 0.9;
  gl_Position = toClip(toPixel(curveAt(t)) + vec2(-slope.y, slope.x) * v_across);
}`;

export const lineFragment = `${header}
in float v_across;
flat in float v_half;
in vec4 v_color;
out vec4 color;
void main() { color = v_color * clamp(v_half + 0.5 - abs(v_across), 0.0, 1.0); }`;

export const headVertex = `${header}${vertexTools}${curveTools}
out vec2 v_place;         // pixels from the tip, along and across
flat out vec2 v_size;
flat out float v_bits, v_opacity;
void main() {
  fetchCurve();
  float size = clamp((4.2 + i_look.x * 0.9) * u_view.x, 0.0, 40.0);
  vec2 slope = slopeAt(1.0);
  vec2 here = corner() * (size + 1.5);
  vec2 pixel = toPixel(i_end.zw) + slope * here.x + vec2(-slope.y, slope.x) * here.y;
  v_place = here;
  v_size = vec2(size, max(i_look.x * u_view.x * 0.5, 0.7));
  v_bits = i_look.w;
  v_opacity = clamp((size - 2.0) / 2.0, 0.0, 1.0);
  gl_Position = toClip(pixel);
}`;

// Excitation ends in an arrow, inhibition in a bar, modulation in an open ring.
export const headFragment = `${header}${themeColors}
in vec2 v_place;
flat in vec2 v_size;
flat in float v_bits, v_opacity;
out vec4 color;
void main() {
  int bits = int(v_bits + 0.5);
  float size = v_size.x;
  float away;
  if ((bits & 3) == 1) {
    away = abs(length(v_place + vec2(size * 0.45, 0.0)) - size * 0.42) - size * 0.12;
  } else if ((bits & 4) != 0) {
    vec2 box = abs(v_place - vec2(-size * 0.12, 0.0)) - vec2(max(size * 0.13, 0.8), size * 0.85);
    away = max(box.x, box.y);
  } else {
    float along = v_place.x;                                // tip at 0, base at -size
    float half_ = -along * 0.52;
    away = max(max((abs(v_place.y) - half_) * 0.887, -(along + size)), along);
  }
  vec3 vivid = (bits & 4) != 0 ? u_inhibit : u_excite;
  float cover = clamp(0.5 - away, 0.0, 1.0) * v_opacity;
  color = vec4(((bits & 16) != 0 ? vivid : mix(vivid, u_faded, 0.62)) * cover, cover);
}`;

export const pulseVertex = `${header}${vertexTools}${themeColors}${curveTools}
// Fourth texel: where the spike is (0 source, 1 target, more: arrived), length of its tail (both in curve lengths).
uniform int u_segments;
out vec3 v_pulse;         // pixels across, light of the tail, pixels behind the head
flat out vec4 v_look;     // half width, 1 / reach of the light beside it squared, 1 / radius of the dot, 1: there is a dot
flat out vec3 v_vivid;
void main() {
  fetchCurve();
  vec2 spike = item(3).xy;
  bool arrived = spike.x > 1.0;
  float lengthPixels = max(curveLength() * u_view.x, 1.0);
  float radius = clamp(3.2 * u_view.x, 2.0, 9.0) * 1.4142;
  // The last four pieces carry the dot and are as wide as it is; those before are only as wide as the light of the tail.
  float reach = arrived ? 0.0 : radius / lengthPixels;
  float from = clamp(spike.x - spike.y * 4.0, 0.0, 1.0);
  float to = clamp(spike.x + reach, 0.0, 1.0);
  float bend = arrived ? to : clamp(spike.x - reach, from, to);
  int piece = vertexOfItem() >> 1;
  int tailPieces = u_segments - 4;
  float t = piece <= tailPieces ? mix(from, bend, float(piece) / float(tailPieces)) : mix(bend, to, float(piece - tailPieces) * 0.25);
  float half_ = lineWidth(i_look.x).x * 0.5;
  float light = 2.0 * sqrt(1.0 + half_ * half_);
  float wide = u_view.x < 0.5 * u_view.w ? half_ + 1.5 : piece > tailPieces ? max(light, radius) : light;
  float across = (float(gl_VertexID & 1) * 2.0 - 1.0) * wide;
  float behind = spike.x - t;
  vec2 slope = slopeAt(t);
  v_pulse = vec3(across, behind >= 0.0 ? exp(-behind / spike.y) : 0.0, behind * lengthPixels);
  v_look = vec4(half_, 1.0 / (light * light), 1.0 / radius, arrived ? 0.0 : 1.0);
  v_vivid = (int(i_look.w + 0.5) & 4) != 0 ? mix(u_inhibit, vec3(1.0), 0.25 * u_additive) : mix(u_accent, u_accentBright, 0.3);
  gl_Position = toClip(toPixel(curveAt(t)) + vec2(-slope.y, slope.x) * across);
}`;

export const pulseFragment = `${header}
uniform float u_additive; // 1: light adds, 0: light covers
in vec3 v_pulse;
flat in vec4 v_look;
flat in vec3 v_vivid;
out vec4 color;
void main() {
  float core = clamp(v_look.x + 0.8 - abs(v_pulse.x), 0.0, 1.0);
  float beside = max(0.0, 1.0 - v_pulse.x * v_pulse.x * v_look.y);
  float light = v_pulse.y * max(core * 0.7, beside * beside * 0.35);
  // Powers in place of the bell curves that they resemble.
  vec2 place = v_pulse.xz * v_look.z;
  float away = dot(place, place);
  float spot = max(0.0, 1.0 - away);
  float white = max(0.0, 1.0 - away * 4.2);
  spot *= spot;
  white *= white;
  float amount = min(1.0, max(light, spot * spot * v_look.w));
  vec3 shine = mix(v_vivid, vec3(1.0), white * white * v_look.w * 0.8 * u_additive);
  // Hardly additive, so that many spikes on one place stay green instead of turning white.
  color = vec4(shine * amount, amount * (1.0 - 0.15 * u_additive));
}`;

export const shapeVertex = `${header}${vertexTools}
// Texels: middle and half size (world); what is added to both, in pixels; radius (world), radius (pixels), border (pixels), softness (pixels);
// colour of the inside; colour of the border.
out vec2 v_place;
flat out vec2 v_half;
flat out vec3 v_form;
flat out vec4 v_fill, v_line;
void main() {
  vec4 i_place = item(0), i_pixels = item(1), i_form = item(2);
  vec2 half_ = i_place.zw * u_view.x + i_pixels.zw;
  float margin = 1.0 + i_form.w;
  vec2 middle = toPixel(i_place.xy) + i_pixels.xy;
  if (i_form.w == 0.0) {                                    // crisp edges: both sides on whole pixels
    vec2 low = floor(middle - half_ + 0.5);
    vec2 high = floor(middle + half_ + 0.5);
    middle = (low + high) * 0.5;
    half_ = max((high - low) * 0.5, vec2(0.5));
  }
  v_place = corner() * (half_ + margin);
  v_half = half_;
  v_form = vec3(min(i_form.x * u_view.x + i_form.y, min(half_.x, half_.y)), i_form.zw);
  v_fill = item(3);
  v_line = item(4);
  gl_Position = toClip(middle + v_place);
}`;

export const shapeFragment = `${header}
in vec2 v_place;
flat in vec2 v_half;
flat in vec3 v_form;
flat in vec4 v_fill, v_line;
out vec4 color;
void main() {
  vec2 corner = abs(v_place) - v_half + v_form.x;
  float away = length(max(corner, 0.0)) + min(max(corner.x, corner.y), 0.0) - v_form.x;
  if (v_form.z > 0.0) {
    float soft = clamp(0.5 - away / v_form.z * 0.5, 0.0, 1.0);
    float amount = soft * soft * v_fill.a;
    color = vec4(v_fill.rgb * amount, amount);
    return;
  }
  float outside = clamp(0.5 - away, 0.0, 1.0);
  float inside = clamp(0.5 - (away + v_form.y), 0.0, 1.0);
  float fill = inside * v_fill.a;
  float line = (outside - inside) * v_line.a;
  color = vec4(v_fill.rgb * fill + v_line.rgb * line, fill + line);
}`;

const neuronTools = `${header}${vertexTools}${stateTools}${themeColors}
// Texels: middle, radius (world), neuron (-1: none); bits (1 selected, 2 pointed at, 4 dimmed), light (0..1) of a population.
flat out vec4 v_form;     // radius, width of the rim, y of the surface of the liquid (pixels), opacity
flat out vec3 v_rim, v_dry, v_wet;
flat out vec4 v_modulated; // colour and opacity of the ring inside the rim
flat out int v_marks;
float reach() {           // pixels from the middle to the border of what is drawn; colours are mixed here, not per pixel
  vec4 i_place = item(0);
  vec2 i_mark = item(1).xy;
  int neuron = int(i_place.w + 0.5);
  bool live = i_place.w >= 0.0;
  float radius = i_place.z * u_view.x;
  float filled = live ? filledOf(neuron) : 0.0;
  float light = live ? glowOf(neuron) : i_mark.y;
  float modulation = live && radius > 6.0 ? modulationOf(neuron) : 0.0;
  float ratio = max(1.0, u_view.w);
  float line = clamp(radius * 0.075, 0.0, 2.2 * ratio);
  float lit = smoothstep(0.0, 0.6, light);
  float shining = smoothstep(0.0, 0.75, light);
  vec3 shine = mix(u_accent, u_accentBright, 0.25 * light * u_additive);
  v_rim = mix(u_outline, u_accent, lit);
  v_dry = mix(u_surface, shine, shining);
  v_wet = abs(filled) < 0.004 ? v_dry : mix(filled >= 0.0 ? u_fill : u_fillNegative, shine, shining);
  if (line < 0.3) {                                         // no rim: some of its colour everywhere
    v_dry = mix(mix(u_outline, v_dry, 0.35), u_accent, lit);
    v_wet = mix(mix(u_outline, v_wet, 0.35), u_accent, lit);
    line = -1.0;
  }
  v_marks = int(i_mark.x + 0.5);
  float dim = (v_marks & 4) != 0 ? 0.28 : 1.0;
  v_form = vec4(radius, line, radius * (1.0 - 2.0 * abs(filled)), min(1.0, radius) * dim);
  float modulated = abs(modulation);
  v_modulated = vec4(modulation > 0.0 ? u_modulated : u_shrunk, modulated > 0.01 ? 0.25 + 0.75 * modulated : 0.0);
  return max(radius, 0.6) + ((v_marks & 3) != 0 ? 7.0 * ratio : 1.0);
}
`;

export const neuronVertex = `${neuronTools}
out vec2 v_place;
void main() {
  v_place = octagon() * reach();
  gl_Position = toClip(toPixel(item(0).xy) + v_place);
}`;

/** Small neurons as points: an eighth of the vertices. */
export const neuronPointVertex = `${neuronTools}
flat out float v_reach;
void main() {
  v_reach = ceil(reach());
  gl_PointSize = v_reach * 2.0;
  gl_Position = toClip(toPixel(item(0).xy));
}`;

/** Inside of one neuron; `place` in pixels from its middle, y down. */
const discTools = `
vec3 discColor(vec2 place, float radius, float filled, float light) {
  float surface_ = radius * (1.0 - 2.0 * abs(filled));      // y of the surface of the liquid, from -radius to radius
  float wet = clamp(place.y - surface_ + 0.5, 0.0, 1.0) * step(0.004, abs(filled));
  vec3 inside = mix(u_surface, filled >= 0.0 ? u_fill : u_fillNegative, wet);
  return mix(inside, mix(u_accent, u_accentBright, 0.25 * light * u_additive), smoothstep(0.0, 0.75, light));
}
`;

const neuronBody = `
flat in vec4 v_form;
flat in vec3 v_rim, v_dry, v_wet;
flat in vec4 v_modulated;
flat in int v_marks;
out vec4 color;
void main() {
  vec2 here = place();
  float away = length(here);
  float outside = clamp(v_form.x + 0.5 - away, 0.0, 1.0) * v_form.w;
  float inside = clamp(v_form.x - v_form.y + 0.5 - away, 0.0, 1.0);
  vec3 body = mix(v_rim, mix(v_dry, v_wet, clamp(here.y - v_form.z + 0.5, 0.0, 1.0)), inside);
  if (v_modulated.a > 0.0) {                                // a thin ring inside the rim
    float ring = clamp(max(v_form.x * 0.05, 0.8) + 0.5 - abs(away - v_form.x * 0.84), 0.0, 1.0);
    body = mix(body, v_modulated.rgb, ring * v_modulated.a);
  }
  color = vec4(body * outside, outside);
  if ((v_marks & 3) != 0) {
    float ratio = max(1.0, u_view.w);
    float half_ = ((v_marks & 1) != 0 ? 1.0 : 0.6) * ratio;
    float ring = clamp(half_ + 0.5 - abs(away - v_form.x - 3.5 * ratio), 0.0, 1.0) * ((v_marks & 1) != 0 ? 1.0 : 0.55);
    color = color * (1.0 - ring) + vec4(u_accent * ring, ring);
  }
}`;

export const neuronFragment = `${header}${themeColors}
in vec2 v_place;
vec2 place() { return v_place; }
${neuronBody}`;

export const neuronPointFragment = `${header}${themeColors}
flat in float v_reach;
vec2 place() { return (gl_PointCoord - 0.5) * 2.0 * v_reach; }
${neuronBody}`;

/** Neurons so small that neither rim nor surface of the level can be told: coloured by vertex, hardly any work per pixel. */
export const dotVertex = `${header}${vertexTools}${stateTools}${themeColors}
// Texels as of a neuron. Modulation cannot be told at this size, and is not read.
flat out vec4 v_color;
flat out vec3 v_form;     // radius, radius of the ring (0: none), half the size of the point
void main() {
  vec4 i_place = item(0);
  vec2 i_mark = item(1).xy;
  bool live = i_place.w >= 0.0;
  int neuron = int(i_place.w + 0.5);
  float light = live ? glowOf(neuron) : i_mark.y;
  float filled = live ? filledOf(neuron) : 0.0;
  float radius = i_place.z * u_view.x;
  float lit = smoothstep(0.0, 0.6, light);
  vec3 resting = mix(u_outline, filled >= 0.0 ? u_fill : u_fillNegative, abs(filled));
  int bits = int(i_mark.x + 0.5);
  float ratio = max(1.0, u_view.w);
  v_color = vec4(mix(resting, mix(u_accent, u_accentBright, 0.25 * light * u_additive), lit), 1.0) * min(1.0, radius) * ((bits & 4) != 0 ? 0.28 : 1.0);
  bool ringed = (bits & 3) != 0;
  float most = max(radius, 0.6);
  v_form = vec3(radius, ringed ? radius + 3.5 * ratio : 0.0, ringed ? most + 7.0 * ratio : most + 0.5);
  gl_PointSize = v_form.z * 2.0;
  gl_Position = toClip(toPixel(i_place.xy));
}`;

export const dotFragment = `${header}${themeColors}
flat in vec4 v_color;
flat in vec3 v_form;
out vec4 color;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0 * v_form.z;
  color = v_color * clamp(v_form.x + 0.5 - away, 0.0, 1.0);
  if (v_form.y > 0.0) {
    float ring = clamp(max(1.0, u_view.w) + 0.5 - abs(away - v_form.y), 0.0, 1.0);
    color = color * (1.0 - ring) + vec4(u_accent * ring, ring);
  }
}`;

export const fieldVertex = `${header}${vertexTools}
// Texels: middle and half size (world); columns, rows, neurons, first neuron; radius over pitch, dimmed.
out vec2 v_cell;
flat out vec4 v_cells;
flat out vec3 v_form;
void main() {
  vec4 i_place = item(0), i_cells = item(1);
  vec2 i_form = item(2).xy;
  vec2 half_ = i_place.zw * u_view.x;
  v_cell = (corner() * 0.5 + 0.5) * i_cells.xy;
  v_cells = i_cells;
  v_form = vec3(i_form, half_.x * 2.0 / i_cells.x);
  gl_Position = toClip(toPixel(i_place.xy) + corner() * half_);
}`;

export const fieldFragment = `${header}${themeColors}${stateTools}${discTools}
in vec2 v_cell;
flat in vec4 v_cells;
flat in vec3 v_form;
out vec4 color;
void main() {
  ivec2 cell = min(ivec2(v_cell), ivec2(v_cells.xy) - 1);
  int number = cell.y * int(v_cells.x) + cell.x;
  if (number >= int(v_cells.z)) discard;
  bool live = v_cells.w >= 0.0;
  int neuron = int(v_cells.w + 0.5) + number;
  float pitch = v_form.z;
  float radius = pitch * v_form.x;
  float light = live ? glowOf(neuron) : 0.0;
  float filled = live ? filledOf(neuron) : 0.0;
  vec2 place = (fract(v_cell) - 0.5) * pitch;
  float away = length(place);
  float outside = clamp(radius + 0.5 - away, 0.0, 1.0) * min(1.0, radius * 1.2);
  vec3 body;
  if (radius < 4.0) {
    body = mix(mix(u_outline, filled >= 0.0 ? u_fill : u_fillNegative, abs(filled)), u_accent, smoothstep(0.0, 0.6, light));
  } else {
    float line = clamp(radius * 0.09, 0.6, 2.0);
    float inside = clamp(radius - line + 0.5 - away, 0.0, 1.0);
    body = mix(mix(u_outline, u_accent, smoothstep(0.0, 0.6, light)), discColor(place, radius, filled, light), inside);
  }
  float beyond = clamp(1.0 - (away - radius) / (pitch * 0.5 - radius), 0.0, 1.0);  // out at the border of the cell
  float halo = light * beyond * beyond * 0.4 * (1.0 - outside);
  float dim = v_form.y > 0.5 ? 0.28 : 1.0;
  color = (vec4(body * outside, outside) + vec4(u_accent * halo, halo * (1.0 - 0.7 * u_additive))) * dim;
}`;

export const glowVertex = `${header}${vertexTools}
// Texels: middle, radius (world), light (0..1); colour.
uniform float u_additive; // 1: light adds, 0: light covers
out vec2 v_place;
flat out vec4 v_color;
flat out float v_rim;
void main() {
  vec4 i_place = item(0);
  vec4 i_color = item(1);
  v_place = octagon();
  v_color = vec4(i_color.rgb, 1.0 - u_additive) * i_place.w * mix(0.45, 0.75, u_additive) * i_color.a;
  float radius = min(i_place.z * u_view.x * 2.7, i_place.z * u_view.x + 60.0 * max(1.0, u_view.w));
  v_rim = i_place.z * u_view.x / radius;
  gl_Position = toClip(toPixel(i_place.xy) + v_place * radius);
}`;

export const glowFragment = `${header}
in vec2 v_place;
flat in vec4 v_color;
flat in float v_rim;
out vec4 color;
void main() {
  float away = length(v_place);
  float fall = max(0.0, 1.0 - away);
  color = v_color * (fall * fall * clamp(1.0 + (away - v_rim) * 14.0, 0.18, 1.0));  // the disc itself is lit already
}`;

export const glyphVertex = `${header}${vertexTools}
// Texels: anchor (world); left and top (pixels from the anchor), width, height; left, top, width, height in the atlas; colour.
out vec2 v_texel;
flat out vec4 v_color;
void main() {
  vec2 i_anchor = item(0).xy;
  vec4 i_box = item(1), i_texels = item(2);
  vec2 part = corner() * 0.5 + 0.5;
  v_texel = i_texels.xy + part * i_texels.zw;
  v_color = item(3);
  gl_Position = toClip(floor(toPixel(i_anchor) + 0.5) + i_box.xy + part * i_box.zw);
}`;

export const glyphFragment = `${header}
uniform sampler2D u_atlas;
in vec2 v_texel;
flat in vec4 v_color;
out vec4 color;
void main() {
  float cover = texelFetch(u_atlas, ivec2(v_texel), 0).r * v_color.a;
  color = vec4(v_color.rgb * cover, cover);
}`;

export const gridVertex = `${header}
void main() { gl_Position = vec4(float(gl_VertexID & 1) * 4.0 - 1.0, float(gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;

export const gridFragment = `${header}
uniform vec4 u_grid;      // colour, strength
uniform float u_spacing;  // world units
out vec4 color;
void main() {
  vec2 pixel = vec2(gl_FragCoord.x, u_screen.y - gl_FragCoord.y);
  float pitch = u_spacing * u_view.x;
  vec2 place = mod(pixel - u_view.yz + pitch * 0.5, pitch) - pitch * 0.5;
  float cover = clamp(0.9 * max(1.0, u_view.w) + 0.5 - length(place), 0.0, 1.0) * u_grid.a;
  color = vec4(u_grid.rgb * cover, cover);
}`;

/**
 * The layer, moved to where the camera is. Hardly anything is done per pixel: what of the screen the layer covers is for whoever draws it to say,
 * and where nothing is scaled the nearest texel is taken, which costs SwiftShader a third of a `texelFetch`.
 */
export const layerVertex = `${header}
out vec2 v_texel;         // 0..1
void main() {
  vec2 part = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0;
  vec2 pixel = vec2(part.x, 1.0 - part.y) * u_screen * u_view.x + u_view.yz;
  v_texel = vec2(pixel.x / u_screen.x, 1.0 - pixel.y / u_screen.y);
  gl_Position = vec4(part * 2.0 - 1.0, 0.0, 1.0);
}`;

export const layerFragment = `${header}
uniform sampler2D u_layer;
in vec2 v_texel;
out vec4 color;
void main() { color = texture(u_layer, v_texel); }`;
