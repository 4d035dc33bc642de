import type {Color} from '../theme';
import {css} from '../theme';

export interface LineLook {
  color: Color;
  opacity?: number;
  width?: number;
  /** Lengths of strokes and gaps. */
  dash?: number[];
}

export interface TextLook {
  size: number;
  color: Color;
  opacity?: number;
  bold?: boolean;
  align?: 'left' | 'center' | 'right';
}

/** What drawings that are also exported are made with: one implementation draws on a 2D canvas, one writes SVG. */
export interface Painter {
  rectangle(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    fill: Color | null,
    line: LineLook | null,
    opacity?: number,
  ): void;
  circle(x: number, y: number, radius: number, fill: Color | null, line: LineLook | null, opacity?: number): void;
  /** A polyline through x0 y0 x1 y1 ...; `filled` closes and fills it. */
  line(points: ArrayLike<number>, look: LineLook, filled?: boolean): void;
  /** A cubic curve: x0 y0 cx0 cy0 cx1 cy1 x1 y1. */
  curve(curve: ArrayLike<number>, look: LineLook): void;
  /** Equal small rectangles whose corners stand at x0 y0 x1 y1 ...: the fast way to draw thousands of marks. */
  marks(corners: ArrayLike<number>, width: number, height: number, color: Color, opacity?: number): void;
  text(text: string, x: number, y: number, look: TextLook): void;
  /** Runs the drawing with everything outside the rectangle cut off. */
  clip(x: number, y: number, width: number, height: number, draw: () => void): void;
}

const family = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

export class CanvasPainter implements Painter {
  constructor(private readonly context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D) {}

  rectangle(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    fill: Color | null,
    line: LineLook | null,
    opacity = 1,
  ): void {
    const {context} = this;
    if (radius === 0 && !line && fill) {
      context.fillStyle = css(fill, opacity);
      context.fillRect(x, y, width, height);
      return;
    }
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    this.fillAndStroke(fill, line, opacity);
  }

  circle(x: number, y: number, radius: number, fill: Color | null, line: LineLook | null, opacity = 1): void {
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.fillAndStroke(fill, line, opacity);
  }

  line(points: ArrayLike<number>, look: LineLook, filled = false): void {
    const {context} = this;
    context.beginPath();
    for (let at = 0; at + 1 < points.length; at += 2) context.lineTo(points[at]!, points[at + 1]!);
    if (filled) {
      context.fillStyle = css(look.color, look.opacity);
      context.fill();
    } else this.stroke(look);
  }

  curve(curve: ArrayLike<number>, look: LineLook): void {
    this.context.beginPath();
    this.context.moveTo(curve[0]!, curve[1]!);
    this.context.bezierCurveTo(curve[2]!, curve[3]!, curve[4]!, curve[5]!, curve[6]!, curve[7]!);
    this.stroke(look);
  }

  marks(corners: ArrayLike<number>, width: number, height: number, color: Color, opacity = 1): void {
    this.context.fillStyle = css(color, opacity);
    for (let at = 0; at + 1 < corners.length; at += 2) this.context.fillRect(corners[at]!, corners[at + 1]!, width, height);
  }

  text(text: string, x: number, y: number, look: TextLook): void {
    const {context} = this;
    context.font = `${look.bold ? '600 ' : ''}${look.size}px ${family}`;
    context.textAlign = look.align ?? 'left';
    context.fillStyle = css(look.color, look.opacity);
    context.fillText(text, x, y);
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x, y, width, height);
    this.context.clip();
    draw();
    this.context.restore();
  }

  private fillAndStroke(fill: Color | null, line: LineLook | null, opacity: number): void {
    if (fill) {
      this.context.fillStyle = css(fill, opacity);
      this.context.fill();
    }
    if (line) this.stroke(line);
  }

  private stroke(look: LineLook): void {
    const {context} = this;
    context.strokeStyle = css(look.color, look.opacity);
    context.lineWidth = look.width ?? 1;
    context.setLineDash(look.dash ?? []);
    context.stroke();
  }
}

/** Writes SVG text; numbers are rounded to hundredths. */
export class SvgPainter implements Painter {
  private readonly parts: string[] = [];
  private clips = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
    /** Left, top, width, height of what is shown, in the drawing's own units. */
    private readonly viewBox: [number, number, number, number] = [0, 0, width, height],
  ) {}

  rectangle(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    fill: Color | null,
    line: LineLook | null,
    opacity = 1,
  ): void {
    const round = radius > 0 ? ` rx="${short(radius)}"` : '';
    this.parts.push(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"${round}${paint(fill, line, opacity)}/>`,
    );
  }

  circle(x: number, y: number, radius: number, fill: Color | null, line: LineLook | null, opacity = 1): void {
    this.parts.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"${paint(fill, line, opacity)}/>`);
  }

  line(points: ArrayLike<number>, look: LineLook, filled = false): void {
    const places = Array.from(points, short).join(' ');
    this.parts.push(
      filled
        ? `<polygon points="${places}"${paint(look.color, null, look.opacity ?? 1)}/>`
        : `<polyline points="${places}"${paint(null, look, 1)}/>`,
    );
  }

  curve(curve: ArrayLike<number>, look: LineLook): void {
    const [x0, y0, ...rest] = Array.from(curve).slice(0, 8).map(short);
    this.parts.push(`<path d="M${x0} ${y0}C${rest.join(' ')}"${paint(null, look, 1)}/>`);
  }

  marks(corners: ArrayLike<number>, width: number, height: number, color: Color, opacity = 1): void {
    let path = '';
    const box = `h${short(width)}v${short(height)}h${short(-width)}z`;
    for (let at = 0; at + 1 < corners.length; at += 2) path += `M${short(corners[at]!)} ${short(corners[at + 1]!)}${box}`;
    if (path) this.parts.push(`<path d="${path}"${paint(color, null, opacity)}/>`);
  }

  text(text: string, x: number, y: number, look: TextLook): void {
    const anchor = look.align === 'center' ? 'middle' : look.align === 'right' ? 'end' : 'start';
    const weight = look.bold ? ' font-weight="600"' : '';
    this.parts.push(
      `<text x="${short(x)}" y="${short(y)}" font-size="${short(look.size)}"${weight} text-anchor="${anchor}"${paint(look.color, null, look.opacity ?? 1)}>${escapeText(text)}</text>`,
    );
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `clip${++this.clips}`;
    this.parts.push(
      `<clipPath id="${id}"><rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"/></clipPath><g clip-path="url(#${id})">`,
    );
    draw();
    this.parts.push('</g>');
  }

  finish(): string {
    const box = this.viewBox.map(short).join(' ');
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${short(this.width)}" height="${short(this.height)}" viewBox="${box}" font-family="${escapeText(family)}">${this.parts.join('\n')}</svg>\n`;
  }
}

function paint(fill: Color | null, line: LineLook | null, opacity: number): string {
  const filled = fill ? ` fill="${css(fill)}"${opacity < 1 ? ` fill-opacity="${short(opacity)}"` : ''}` : ' fill="none"';
  if (!line) return filled;
  const dash = line.dash ? ` stroke-dasharray="${line.dash.map(short).join(' ')}"` : '';
  const pale = line.opacity !== undefined && line.opacity < 1 ? ` stroke-opacity="${short(line.opacity)}"` : '';
  return `${filled} stroke="${css(line.color)}" stroke-width="${short(line.width ?? 1)}"${pale}${dash}`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
