import {beforeEach, expect, test} from 'vitest';
import {type GestureActions, Gestures, type Grip, type PointerSample} from '../src/input/gestures';

let log: string[] = [];
let grip: Grip = {kind: 'empty'};
let gestures: Gestures;

beforeEach(() => {
  log = [];
  grip = {kind: 'empty'};
  const actions: GestureActions = {
    grip: () => grip,
    pan: (dx, dy) => log.push(`pan ${dx} ${dy}`),
    zoom: (x, y, factor) => log.push(`zoom ${x} ${y} ${factor.toFixed(2)}`),
    click: () => log.push('click'),
    doubleClick: () => log.push('double click'),
    contextMenu: () => log.push('menu'),
    fire: () => log.push('fire'),
    hover: () => log.push('hover'),
    marquee: phase => log.push(`marquee ${phase}`),
    drag: phase => log.push(`drag ${phase}`),
    resize: (phase, corner) => log.push(`resize ${phase} ${corner}`),
    connect: phase => log.push(`connect ${phase}`),
  };
  gestures = new Gestures(actions);
});

function at(x: number, y: number, more: Partial<PointerSample> = {}): PointerSample {
  return {id: 1, x, y, type: 'mouse', button: 0, shift: false, alt: false, ctrl: false, time: 0, ...more};
}

function dragFrom(more: Partial<PointerSample> = {}): void {
  gestures.down(at(10, 10, more));
  gestures.move(at(11, 11, more));
  gestures.move(at(30, 25, more));
  gestures.up(at(30, 25, more));
}

test('a press that hardly moves is a click, two quick ones on something a double click', () => {
  grip = {kind: 'node', rim: false};
  gestures.down(at(10, 10));
  gestures.move(at(12, 11));
  gestures.up(at(12, 11));
  gestures.down(at(12, 11, {time: 200}));
  gestures.up(at(12, 11, {time: 220}));
  expect(log).toEqual(['click', 'double click']);
});

test('dragging pans, marks, moves or connects, by tool and by what is held', () => {
  dragFrom();
  expect(log).toEqual(['pan 20 15', 'hover']);
  log = [];
  gestures.tool = 'select';
  dragFrom();
  expect(log).toEqual(['marquee start', 'marquee move', 'marquee end']);
  log = [];
  grip = {kind: 'node', rim: false};
  dragFrom();
  expect(log).toEqual(['drag start', 'drag move', 'drag end']);
  log = [];
  grip = {kind: 'node', rim: true};
  dragFrom();
  expect(log).toEqual(['connect start', 'connect move', 'connect end']);
  log = [];
  grip = {kind: 'handle', corner: 2};
  dragFrom();
  expect(log).toEqual(['resize start 2', 'resize move 2', 'resize end 2']);
});

test('shift makes a marquee of the hand, the space bar and the middle button make a hand of everything', () => {
  dragFrom({shift: true});
  expect(log[0]).toBe('marquee start');
  log = [];
  grip = {kind: 'node', rim: false};
  gestures.spaceHeld = true;
  dragFrom();
  expect(log).toEqual(['pan 1 1', 'pan 19 14', 'hover']);
  log = [];
  gestures.spaceHeld = false;
  dragFrom({button: 1});
  expect(log).toEqual(['pan 1 1', 'pan 19 14', 'hover']);
});

test('a modifier fires', () => {
  grip = {kind: 'node', rim: false};
  gestures.down(at(10, 10, {alt: true}));
  gestures.up(at(10, 10, {alt: true}));
  expect(log).toEqual(['fire']);
});

test('two fingers pan and zoom at their middle, and end what one began', () => {
  grip = {kind: 'node', rim: false};
  gestures.down(at(100, 100, {type: 'touch'}));
  gestures.move(at(130, 100, {type: 'touch'}));
  gestures.down(at(200, 100, {id: 2, type: 'touch'}));
  expect(log).toEqual(['drag start', 'drag move', 'drag cancel']);
  log = [];
  gestures.move(at(270, 100, {id: 2, type: 'touch'}));
  expect(log).toEqual(['pan 35 0', 'zoom 200 100 2.00']);
  gestures.up(at(270, 100, {id: 2, type: 'touch'}));
  gestures.up(at(130, 100, {type: 'touch'}));
  expect(gestures.busy).toBe(false);
  expect(log).not.toContain('click');
});

test('a resting finger opens the menu, a moving one does not', () => {
  gestures.down(at(5, 5, {type: 'touch'}));
  expect(gestures.longPress(100)).toBe(false);
  expect(gestures.longPress(600)).toBe(true);
  gestures.up(at(5, 5, {type: 'touch', time: 700}));
  expect(log).toEqual(['menu']);
});

test('wheel zooms, trackpad pans, pinch zooms', () => {
  gestures.wheel(40, 50, 0, -100, false, false, false);
  gestures.wheel(40, 50, 3, 8, false, false, true);
  gestures.wheel(40, 50, 0, 10, true, false, false);
  expect(log).toEqual(['zoom 40 50 1.17', 'pan -3 -8', 'zoom 40 50 0.89']);
});

test('escape takes a drag back', () => {
  grip = {kind: 'node', rim: false};
  gestures.down(at(10, 10));
  gestures.move(at(40, 40));
  gestures.cancel();
  gestures.up(at(40, 40));
  expect(log).toEqual(['drag start', 'drag move', 'drag cancel']);
});
