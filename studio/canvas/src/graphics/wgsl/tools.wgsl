// What all shaders of the WebGPU renderer share. Pixels are device pixels; colours are multiplied by their opacity when written.

struct Theme {
  surface: vec3f, outline: vec3f, fill: vec3f, fillNegative: vec3f, accent: vec3f, accentBright: vec3f, excite: vec3f, inhibit: vec3f,
  faded: vec3f, grown: vec3f, shrunk: vec3f, modulated: vec3f, grid: vec3f, background: vec3f,
  additive: f32,            // 1: light adds, 0: light covers
}

struct Draw {
  view: vec4f,              // pixel = world * view.x + view.yz; device pixels per CSS pixel
  screen: vec2f,            // width and height in pixels
  now: f32,                 // display time, milliseconds
  opacity: f32,
  power: u32,               // vertices per item, as a power of two
  first: u32,               // first item
  texels: u32,              // vec4f per item
  pieces: u32,              // of a strip
  known: u32,               // bits: levels 1, thresholds 2, modulation 4
  spacing: f32,             // of the dots of the grid, world units
  strength: f32,            // of the grid
}

@group(0) @binding(0) var<uniform> theme: Theme;
@group(0) @binding(1) var atlas: texture_2d<f32>;
@group(1) @binding(0) var<uniform> draw: Draw;
@group(1) @binding(1) var<storage, read> items: array<vec4f>;

// Items are drawn without instancing: one call draws all their vertices, as with WebGL2 (glsl.ts says why).
fn item(vertex: u32, texel: u32) -> vec4f { return items[((vertex >> draw.power) + draw.first) * draw.texels + texel]; }
fn corner(vertex: u32) -> vec2f { return vec2f(f32(vertex & 1), f32((vertex >> 1) & 1)) * 2 - 1; }
fn toPixel(world: vec2f) -> vec2f { return world * draw.view.x + draw.view.yz; }
fn toClip(pixel: vec2f) -> vec4f { return vec4f(pixel.x / draw.screen.x * 2 - 1, 1 - pixel.y / draw.screen.y * 2, 0, 1); }
fn bitsOf(value: f32) -> u32 { return u32(value + 0.5); }
