import type {ThemeName} from './elements';

/** Red, green, blue from 0 to 1. */
export type Color = readonly [number, number, number];

export interface Theme {
  name: ThemeName;
  background: Color;
  /** Dots of the grid. */
  grid: Color;
  /** Inside of neurons and boxes. */
  surface: Color;
  surfaceRaised: Color;
  outline: Color;
  outlineStrong: Color;
  /** Level inside a neuron that does not fire. */
  fill: Color;
  fillNegative: Color;
  /** The one accent: firing, selection, excitation. */
  accent: Color;
  accentBright: Color;
  excite: Color;
  inhibit: Color;
  /** What a synapse fades to at its target. */
  faded: Color;
  text: Color;
  textSoft: Color;
  grown: Color;
  shrunk: Color;
  modulation: Color;
  comment: Color;
  /** How strongly light adds to what lies below; on a light background it covers instead. */
  glow: number;
}

export const darkTheme: Theme = {
  name: 'dark',
  background: hex('0e1113'),
  grid: hex('23292d'),
  surface: hex('171c1f'),
  surfaceRaised: hex('1b2125'),
  outline: hex('3a444a'),
  outlineStrong: hex('59666e'),
  fill: hex('3d5a4c'),
  fillNegative: hex('33475c'),
  accent: hex('3ddc84'),
  accentBright: hex('b6ffd6'),
  excite: hex('35c878'),
  inhibit: hex('4c8dff'),
  faded: hex('4a555c'),
  text: hex('dde5e9'),
  textSoft: hex('8b989f'),
  grown: hex('ffffff'),
  shrunk: hex('f2c744'),
  modulation: hex('b79cf2'),
  comment: hex('e3b341'),
  glow: 1,
};

export const lightTheme: Theme = {
  name: 'light',
  background: hex('f7f9f8'),
  grid: hex('d9dfdc'),
  surface: hex('ffffff'),
  surfaceRaised: hex('ffffff'),
  outline: hex('b9c3bf'),
  outlineStrong: hex('84918c'),
  fill: hex('bfe6cf'),
  fillNegative: hex('c4d8f2'),
  accent: hex('12a454'),
  accentBright: hex('2fd67c'),
  excite: hex('149a50'),
  inhibit: hex('2867d8'),
  faded: hex('b4bdb9'),
  text: hex('1c2421'),
  textSoft: hex('66736e'),
  grown: hex('1c2421'),
  shrunk: hex('d49a00'),
  modulation: hex('7a55cf'),
  comment: hex('b98400'),
  glow: 0,
};

export function themeNamed(name: ThemeName): Theme {
  return name === 'light' ? lightTheme : darkTheme;
}

export function hex(digits: string): Color {
  const value = Number.parseInt(digits, 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

export function css(color: Color, alpha = 1): string {
  const [red, green, blue] = color.map(part => Math.round(part * 255));
  return alpha >= 1 ? `rgb(${red},${green},${blue})` : `rgba(${red},${green},${blue},${alpha})`;
}

export function mix(from: Color, to: Color, part: number): Color {
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part, from[2] + (to[2] - from[2]) * part];
}
