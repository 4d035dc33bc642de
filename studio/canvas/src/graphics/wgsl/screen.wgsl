// What covers the whole screen: the dots of the grid, and the layer of what stands still.

@group(2) @binding(0) var layer: texture_2d<f32>;
@group(2) @binding(1) var linear: sampler;

@vertex fn screenVertex(@builtin(vertex_index) vertex: u32) -> @builtin(position) vec4f {
  return vec4f(f32(vertex & 1) * 4 - 1, f32(vertex >> 1) * 4 - 1, 0, 1);
}

@fragment fn gridFragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
  let pitch = draw.spacing * draw.view.x;
  let place = (fract((pixel.xy - draw.view.yz) / pitch + 0.5) - 0.5) * pitch;
  let cover = clamp(0.9 * max(1, draw.view.w) + 0.5 - length(place), 0, 1) * draw.strength;
  return vec4f(theme.grid, 1) * cover;
}

// The layer where it was drawn: by far the most frequent case.
@fragment fn copyFragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f { return textureLoad(layer, vec2u(pixel.xy), 0); }

@fragment fn layerFragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
  let place = (pixel.xy * draw.view.x + draw.view.yz) / draw.screen;
  let color = textureSampleLevel(layer, linear, place, 0);
  return select(color, vec4f(theme.background, 1), any(place < vec2f(0)) || any(place > vec2f(1)));
}
