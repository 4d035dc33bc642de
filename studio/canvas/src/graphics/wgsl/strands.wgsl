// Synapses, and the spikes that travel along them.

struct Curve {
  start: vec4f, end: vec4f, // x0 y0 cx0 cy0, cx1 cy1 x1 y1
  look: vec4f,              // width (world), learned part (weights), delay (ticks), bits of look
}
fn curveOf(vertex: u32) -> Curve { return Curve(item(vertex, 0), item(vertex, 1), item(vertex, 2)); }
fn placeOn(curve: Curve, t: f32) -> vec2f {
  let s = 1 - t;
  return s * s * s * curve.start.xy + 3 * s * s * t * curve.start.zw + 3 * s * t * t * curve.end.xy + t * t * t * curve.end.zw;
}
fn slopeOn(curve: Curve, t: f32) -> vec2f {
  let s = 1 - t;
  let slope = s * s * (curve.start.zw - curve.start.xy) + 2 * s * t * (curve.end.xy - curve.start.zw) + t * t * (curve.end.zw - curve.end.xy);
  return select(vec2f(1, 0), normalize(slope), length(slope) > 1e-6);
}
fn across(slope: vec2f) -> vec2f { return vec2f(-slope.y, slope.x); }
fn lengthOf(curve: Curve) -> f32 {
  let hull = distance(curve.start.xy, curve.start.zw) + distance(curve.start.zw, curve.end.xy) + distance(curve.end.xy, curve.end.zw);
  return (hull + distance(curve.start.xy, curve.end.zw)) * 0.5;
}
// Width and opacity. Lines thinner than a pixel stay a pixel wide and pale instead, so that they neither break nor shimmer.
fn lineOf(world: f32) -> vec2f { let wide = world * draw.view.x; return vec2f(max(wide, 1), clamp(wide, 0.12, 1)); }
fn headSize(world: f32) -> f32 { return clamp((4.2 + world * 0.9) * draw.view.x, 0, 40); }
fn partOfStrip(vertex: u32) -> f32 { return f32((vertex & ((1u << draw.power) - 1)) >> 1) / f32(draw.pieces); }
fn sideOfStrip(vertex: u32) -> f32 { return f32(vertex & 1) * 2 - 1; }
fn vividOf(bits: u32) -> vec3f { return select(theme.excite, theme.inhibit, (bits & 4) != 0); }

struct Strand {
  @builtin(position) clip: vec4f,
  @location(0) place: vec3f,                       // across, along, t
  @location(1) @interpolate(flat) look: vec4f,     // half width, border, opacity, bits
  @location(2) @interpolate(flat) form: vec3f,     // learned, length, width (world)
}

@vertex fn strandVertex(@builtin(vertex_index) vertex: u32) -> Strand {
  let curve = curveOf(vertex);
  let t = partOfStrip(vertex);
  let line = lineOf(curve.look.x);
  let learned = abs(curve.look.y);
  let border = select(clamp(learned / 127 * 5 + 0.8, 0.8, 3) * clamp(draw.view.x, 0.3, 2), 0, learned < 0.5);
  let away = sideOfStrip(vertex) * (line.x * 0.5 + border + 1);
  let length_ = lengthOf(curve) * draw.view.x;
  return Strand(
    toClip(toPixel(placeOn(curve, t)) + across(slopeOn(curve, t)) * away),
    vec3f(away, t * length_, t),
    vec4f(line.x * 0.5, border, line.y, curve.look.w),
    vec3f(curve.look.y, length_, curve.look.x));
}

@fragment fn strandFragment(in: Strand) -> @location(0) vec4f {
  let bits = bitsOf(in.look.w);
  let half_ = in.look.x;
  let away = abs(in.place.x);
  let along = in.place.y;
  var cover = clamp(half_ + 0.5 - away, 0, 1);
  var border = select(0, clamp(half_ + in.look.y + 0.5 - away, 0, 1) - cover, in.look.y > 0);
  if ((bits & 3) == 1) {                                    // modulator: dashes
    let period = max(12, half_ * 10);
    let dash = clamp(period * 0.31 + 0.5 - abs(fract(along / period) - 0.5) * period, 0, 1);
    cover *= dash;
    border *= dash;
  } else if ((bits & 3) == 2) {                             // electric: round dots
    let period = max(5, half_ * 4.8);
    let from_ = length(vec2f((fract(along / period) - 0.5) * period, in.place.x));
    let radius = max(half_, 1.1);
    cover = clamp(radius + 0.5 - from_, 0, 1);
    border = select(0, clamp(radius + in.look.y + 0.5 - from_, 0, 1) - cover, border > 0);
  }
  // The line ends where the arrow head or the ring of a modulator begins.
  let head = headSize(in.form.z) * select(select(0.75, 0, (bits & 4) != 0), 0.87, (bits & 3) == 1);
  let uncovered = clamp(in.form.y - along - head + 0.5, 0, 1);
  let vivid = vividOf(bits);
  let line = select(mix(vivid, theme.faded, smoothstep(0.05, 0.95, in.place.z)), vivid, (bits & 16) != 0);
  let opacity = in.look.z * draw.opacity * select(0.92, 0.62, (bits & 8) != 0) * uncovered;
  let edge = select(theme.shrunk, theme.grown, in.form.x > 0);
  return vec4f(line * cover + edge * border, cover + border) * opacity;
}

// Lines seen from afar, where neither dashes nor borders can be told: colour by vertex, hardly any work per pixel.
struct Line {
  @builtin(position) clip: vec4f,
  @location(0) away: f32,
  @location(1) @interpolate(flat) half_: f32,
  @location(2) color: vec4f,
}

@vertex fn lineVertex(@builtin(vertex_index) vertex: u32) -> Line {
  let curve = curveOf(vertex);
  let t = partOfStrip(vertex);
  let line = lineOf(curve.look.x);
  let half_ = line.x * 0.5;
  let away = sideOfStrip(vertex) * (half_ + 0.75);
  let color = mix(vividOf(bitsOf(curve.look.w)), theme.faded, smoothstep(0.05, 0.95, t));
  let pixel = toPixel(placeOn(curve, t)) + across(slopeOn(curve, t)) * away;
  return Line(toClip(pixel), away, half_, vec4f(color, 1) * line.y * draw.opacity * 0.9);
}

@fragment fn lineFragment(in: Line) -> @location(0) vec4f { return in.color * clamp(in.half_ + 0.5 - abs(in.away), 0, 1); }

// Excitation ends in an arrow, inhibition in a bar, modulation in an open ring.
struct Head {
  @builtin(position) clip: vec4f,
  @location(0) place: vec2f,                       // pixels from the tip, along and across
  @location(1) @interpolate(flat) form: vec3f,     // size, bits, opacity
}

@vertex fn headVertex(@builtin(vertex_index) vertex: u32) -> Head {
  let curve = curveOf(vertex);
  let size = headSize(curve.look.x);
  let slope = slopeOn(curve, 1);
  let here = corner(vertex) * (size + 1.5);
  let pixel = toPixel(curve.end.zw) + slope * here.x + across(slope) * here.y;
  return Head(toClip(pixel), here, vec3f(size, curve.look.w, clamp((size - 2) / 2, 0, 1)));
}

@fragment fn headFragment(in: Head) -> @location(0) vec4f {
  let size = in.form.x;
  let bits = bitsOf(in.form.y);
  var away: f32;
  if ((bits & 3) == 1) {
    away = abs(length(in.place + vec2f(size * 0.45, 0)) - size * 0.42) - size * 0.12;
  } else if ((bits & 4) != 0) {
    let box = abs(in.place - vec2f(-size * 0.12, 0)) - vec2f(max(size * 0.13, 0.8), size * 0.85);
    away = max(box.x, box.y);
  } else {
    let along = in.place.x;                                 // tip at 0, base at -size
    away = max(max((abs(in.place.y) + along * 0.52) * 0.887, -(along + size)), along);
  }
  let vivid = vividOf(bits);
  let color = select(mix(vivid, theme.faded, 0.62), vivid, (bits & 16) != 0);
  return vec4f(color, 1) * clamp(0.5 - away, 0, 1) * in.form.z;
}

// Fourth texel: where the spike is (0 source, 1 target, more: arrived), length of its tail (both in curve lengths).
struct Pulse {
  @builtin(position) clip: vec4f,
  @location(0) place: vec3f,                       // pixels across, light of the tail, pixels behind the head
  @location(1) @interpolate(flat) look: vec4f,     // half width, 1 / reach of the light beside it squared, 1 / radius of the dot, 1: there is a dot
  @location(2) @interpolate(flat) vivid: vec3f,
}

@vertex fn pulseVertex(@builtin(vertex_index) vertex: u32) -> Pulse {
  let curve = curveOf(vertex);
  let spike = item(vertex, 3).xy;
  let arrived = spike.x > 1;
  let pixels = max(lengthOf(curve) * draw.view.x, 1);
  let radius = clamp(3.2 * draw.view.x, 2, 9) * 1.4142;
  // The last four pieces carry the dot and are as wide as it is; those before are only as wide as the light of the tail.
  let reach = select(radius / pixels, 0, arrived);
  let begin = clamp(spike.x - spike.y * 4, 0, 1);
  let end = clamp(spike.x + reach, 0, 1);
  let bend = select(clamp(spike.x - reach, begin, end), end, arrived);
  let piece = round(partOfStrip(vertex) * f32(draw.pieces));
  let tailPieces = f32(draw.pieces) - 4;
  let t = select(mix(bend, end, (piece - tailPieces) / 4), mix(begin, bend, piece / tailPieces), piece <= tailPieces);
  let half_ = lineOf(curve.look.x).x * 0.5;
  let light = 2 * sqrt(1 + half_ * half_);
  let wide = select(select(light, max(light, radius), piece > tailPieces), half_ + 1.5, draw.view.x < 0.5 * draw.view.w);
  let away = sideOfStrip(vertex) * wide;
  let behind = spike.x - t;
  let tail = select(0, exp(-behind / spike.y), behind >= 0);
  let inhibits = (bitsOf(curve.look.w) & 4) != 0;
  let vivid = select(mix(theme.accent, theme.accentBright, 0.3), mix(theme.inhibit, vec3f(1), 0.25 * theme.additive), inhibits);
  let look = vec4f(half_, 1 / (light * light), 1 / radius, select(1.0, 0.0, arrived));
  let pixel = toPixel(placeOn(curve, t)) + across(slopeOn(curve, t)) * away;
  return Pulse(toClip(pixel), vec3f(away, tail, behind * pixels), look, vivid);
}

@fragment fn pulseFragment(in: Pulse) -> @location(0) vec4f {
  let core = clamp(in.look.x + 0.8 - abs(in.place.x), 0, 1);
  let beside = max(0, 1 - in.place.x * in.place.x * in.look.y);
  let light = in.place.y * max(core * 0.7, beside * beside * 0.35);
  // Powers in place of the bell curves that they resemble.
  let fromDot = in.place.xz * in.look.z;
  let away = dot(fromDot, fromDot);
  let spot = pow(max(0, 1 - away), 4) * in.look.w;
  let white = pow(max(0, 1 - away * 4.2), 4) * in.look.w;
  let amount = min(1, max(light, spot));
  // Hardly additive, so that many spikes on one place stay green instead of turning white.
  return vec4f(mix(in.vivid, vec3f(1), white * 0.8 * theme.additive), 1 - 0.15 * theme.additive) * amount;
}
