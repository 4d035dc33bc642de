import type {Box} from '../elements';
import {glowDecay, glowEnd, noNeuronState} from '../graphics/graphics';
import {isAlive, lookFiber, type Scene, type SceneNode, strandDelay, strandLook, strandSize, strandsOfFiber} from '../scene/scene';
import type {Frame} from '../types';

/** Pulses under way that are drawn, at most; the oldest give way. */
const mostPulses = 6000;
/** Length of a pulse's tail while time stands still, in curve lengths. */
const pausedTail = 0.3;
/** Pulses on one strand follow each other at this distance at least, in display milliseconds. */
const pulseGap = 50;
/** Display milliseconds that pass when one tick is stepped by hand. */
const stepMilliseconds = 45;
/** Between two looks for nodes whose light is out, in display milliseconds. */
const pruneMilliseconds = 150;
/** How long the activity of a population lingers, in display milliseconds. */
const activityDecay = 160;

/**
 * What the network does, as the picture needs it: when each neuron fired last, which nodes still glow, which spikes are under way on which
 * strands. Two clocks: ticks place spikes on their synapses; display time, which stands still while the network is paused, lets light fade.
 */
export class Activity {
  readonly state = noNeuronState();
  /** Display time, in milliseconds. */
  now = 0;
  /** Nodes that glow; numbers of the scene. */
  readonly glowing: number[] = [];
  /** Per node: spikes per neuron of a population, of late; a steady rate of r per second gives r times activityDecay. */
  populationActivity = new Float32Array(0);
  running = false;
  /** Whether whoever draws has the levels, so that only those for which `level` was asked have to come: from the first to the last of them. */
  levelsElsewhere = false;
  asked: {first: number; count: number} | null = null;

  private numbers: {from: number; levels: Int16Array | null} = {from: 0, levels: null};
  private scene: Scene | null = null;
  private glows = new Uint8Array(0);
  private pulseStrand = new Int32Array(mostPulses);
  private pulseTick = new Float64Array(mostPulses);
  private pulseCount = 0;
  private pulseNext = 0;
  /** Per population and strand of its fibers: the frame in which it got its last pulse. */
  private bundleFrame = new Uint32Array(0);
  private frameNumber = 0;
  private frameTick = 0;
  private frameWall = 0;
  private shownTick = 0;
  /** Ticks per millisecond, smoothed. */
  private rate = 1;
  private lastWall = 0;
  private activeUntil = 0;
  /** Per strand: tick of its last pulse, so that a stream of spikes does not pile up light. */
  private lastPulse = new Float64Array(0);
  private readonly activePopulations = new Set<number>();
  private prunedAt = 0;

  /** Follows another scene, or the same after an update (`parted`: strands that are others now); what is known of neurons that are in both stays. */
  follow(scene: Scene, parted: Set<number> | null = null): void {
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    for (const {view} of scene.nodes) {
      if (!isAlive(view)) continue;
      from = Math.min(from, view.first);
      to = Math.max(to, view.first + view.count);
    }
    const base = Number.isFinite(from) ? from : 0;
    const count = Math.max(0, to - base);
    this.keepSpikeTimes(base, count);
    this.scene = scene;
    const nodes = scene.nodes.length;
    const activities = this.populationActivity;
    this.populationActivity = new Float32Array(nodes);
    if (parted) this.populationActivity.set(activities.subarray(0, nodes));
    for (const number of this.activePopulations) if (!parted || number >= nodes) this.activePopulations.delete(number);
    this.bundleFrame = new Uint32Array(nodes * strandsOfFiber);
    this.frameNumber = 0;
    this.findGlowing();
    this.keepPulses(scene.strandCount, parted);
  }

  private findGlowing(): void {
    const {nodes} = this.scene!;
    this.glows = new Uint8Array(nodes.length);
    this.glowing.length = 0;
    for (let number = 0; number < nodes.length; number++) {
      const {round, view} = nodes[number]!;
      if (!round || this.spikeAge(view.first) >= glowEnd) continue;
      this.glows[number] = 1;
      this.glowing.push(number);
    }
  }

  private keepSpikeTimes(base: number, count: number): void {
    const {state} = this;
    if (base === state.base && count === state.count) return;
    const times = new Float32Array(count).fill(-1e9);
    const shift = base - state.base;
    for (let entry = Math.max(0, -shift); entry < count && entry + shift < state.count; entry++)
      times[entry] = state.spikeTimes[entry + shift]!;
    Object.assign(state, {base, count, spikeTimes: times, dirtyFrom: 0, dirtyTo: count - 1});
    state.levelsVersion++;
  }

  /** Spikes under way go on, but for those on strands that parted; null: none does. */
  private keepPulses(strands: number, parted: Set<number> | null): void {
    const last = new Float64Array(strands).fill(Number.NEGATIVE_INFINITY);
    if (parted) last.set(this.lastPulse.subarray(0, strands));
    this.lastPulse = last;
    const count = this.pulseCount;
    this.pulseCount = 0;
    if (!parted) return;
    for (let pulse = 0; pulse < count; pulse++) {
      const strand = this.pulseStrand[pulse]!;
      if (parted.has(strand)) continue;
      this.pulseStrand[this.pulseCount] = strand;
      this.pulseTick[this.pulseCount++] = this.pulseTick[pulse]!;
    }
  }

  /** Strands for which `isShown` is true get pulses, neurons in the box `halos` get halos; null: none do. */
  apply(frame: Frame, wall: number, isShown: ((strand: number) => boolean) | null, halos: Box | null): void {
    this.advance(wall);
    const ticks = frame.tick - this.frameTick;
    if (ticks < 0) this.forgetSpikes();
    if (frame.running) {
      const elapsed = wall - this.frameWall;
      if (this.running && elapsed > 0 && ticks >= 0) this.rate += (Math.min(1000, ticks / elapsed) - this.rate) * 0.2;
      else this.rate = Math.max(1e-4, frame.factor);
    } else if (ticks > 0) {
      this.now += Math.min(ticks * stepMilliseconds, 300);
    }
    this.running = frame.running;
    this.frameTick = frame.tick;
    this.frameWall = wall;
    if (!frame.running) this.shownTick = frame.tick;
    const {state} = this;
    if (frame.levels || frame.thresholds || frame.modulation) {
      const isWhole = frame.levelsFrom === undefined;
      this.numbers = {from: frame.levelsFrom ?? 0, levels: frame.levels ?? null};
      state.levels = (isWhole && frame.levels) || null;
      state.thresholds = (isWhole && frame.thresholds) || null;
      state.modulation = (isWhole && frame.modulation) || null;
      state.levelsVersion++;
    }
    this.addSpikes(frame.spikes, isShown, halos);
  }

  /** Moves both clocks on to the time of the wall clock, in milliseconds. */
  advance(wall: number): void {
    // However rare frames are, light lasts as long; after that it is out, so that a page nobody saw for hours need not count them.
    const elapsed = Math.min(glowEnd, Math.max(0, wall - this.lastWall));
    this.lastWall = wall;
    if (!this.running) return;
    this.now += elapsed;
    const expected = this.frameTick + Math.min(wall - this.frameWall, 60) * this.rate;
    this.shownTick = Math.max(this.shownTick, expected);
    // Never run away from the engine by more than what it does in a few frames.
    this.shownTick = Math.min(this.shownTick, this.frameTick + Math.max(1, 60 * this.rate));
    const fade = Math.exp(-elapsed / activityDecay);
    for (const node of this.activePopulations) {
      const left = this.populationActivity[node]! * fade;
      this.populationActivity[node] = left;
      if (left < 0.002) this.activePopulations.delete(node);
    }
  }

  /** Whether the picture changes though nothing new arrives. */
  get fading(): boolean {
    return this.running && (this.now < this.activeUntil || this.pulseCount > 0);
  }

  spikeAge(neuron: number): number {
    const entry = neuron - this.state.base;
    return entry >= 0 && entry < this.state.count ? this.now - this.state.spikeTimes[entry]! : Number.POSITIVE_INFINITY;
  }

  /** Light of a neuron's last spike, 0..1, as the shaders compute it. */
  light(neuron: number): number {
    const age = this.spikeAge(neuron);
    return age < glowEnd ? Math.exp(-Math.max(0, age) / glowDecay) : 0;
  }

  /** Level of a neuron in whole levels, or null while it is not known. */
  level(neuron: number): number | null {
    const {numbers, asked} = this;
    const first = Math.min(asked?.first ?? neuron, neuron);
    const end = Math.max(asked ? asked.first + asked.count : 0, neuron + 1);
    this.asked = {first, count: end - first};
    const value = numbers.levels?.[neuron - numbers.from];
    return value === undefined ? null : Math.trunc(value / 16);
  }
  get knowsLevels(): boolean {
    return this.levelsElsewhere || this.numbers.levels !== null;
  }

  /** Light of a population, 0..1: about 0.3 at 8 spikes per second and neuron, 0.75 at 50. */
  populationLight(node: number): number {
    const activity = this.populationActivity[node]!;
    return activity / (activity + 2.6);
  }

  /** Calls back for the `most` latest pulses, with strand, place and length of tail (in curve lengths); forgets those that are over. */
  eachPulse(most: number, draw: (strand: number, head: number, tail: number) => void): void {
    const {scene} = this;
    if (!scene) return;
    let kept = 0;
    for (let pulse = 0; pulse < this.pulseCount; pulse++) {
      const strand = this.pulseStrand[pulse]!;
      const tick = this.pulseTick[pulse]!;
      const delay = scene.strands[strand * strandSize + strandDelay]!;
      const head = (this.shownTick - tick) / delay;
      const tail = this.running ? Math.max(0.05, (glowDecay * this.rate) / delay) : pausedTail;
      if (head > 1 + 4.6 * tail) continue;
      this.pulseStrand[kept] = strand;
      this.pulseTick[kept++] = tick;
      if (head >= 0 && pulse >= this.pulseCount - most) draw(strand, head, tail);
    }
    this.pulseCount = kept;
    this.pulseNext = kept < mostPulses ? kept : this.pulseNext;
  }

  /** Drops nodes from the list of the glowing whose light is out, now and then: a walk through all of them costs. */
  pruneGlowing(): void {
    const {scene, glowing} = this;
    if (!scene || Math.abs(this.now - this.prunedAt) < pruneMilliseconds) return;
    this.prunedAt = this.now;
    let kept = 0;
    for (const node of glowing) {
      if (this.spikeAge(scene.nodes[node]!.view.first) < glowEnd) glowing[kept++] = node;
      else this.glows[node] = 0;
    }
    glowing.length = kept;
  }

  private addSpikes(spikes: Uint32Array, isShown: ((strand: number) => boolean) | null, halos: Box | null): void {
    const {scene, state} = this;
    if (!scene || spikes.length === 0) return;
    this.activeUntil = this.now + glowEnd;
    this.frameNumber++;
    for (let at = 0; at + 1 < spikes.length; at += 2) {
      const neuron = spikes[at + 1]!;
      const entry = neuron - state.base;
      if (entry < 0 || entry >= state.count) continue;
      state.spikeTimes[entry] = this.now;
      if (entry < state.dirtyFrom) state.dirtyFrom = entry;
      if (entry > state.dirtyTo) state.dirtyTo = entry;
      const number: number = scene.nodeOfNeuron(neuron);
      if (number < 0) continue;
      const node: SceneNode = scene.nodes[number]!;
      const {round} = node;
      if (!round) {
        this.populationActivity[number] = this.populationActivity[number]! + 1 / node.view.count;
        this.activePopulations.add(number);
      } else if (
        halos &&
        !this.glows[number] &&
        node.x > halos.left &&
        node.x < halos.right &&
        node.y > halos.top &&
        node.y < halos.bottom
      ) {
        this.glows[number] = 1;
        this.glowing.push(number);
      }
      if (!isShown) continue;
      const {outgoing} = node;
      // Spikes of a population share the strands of its fibers: of those in one frame one in five at most is seen.
      const bundle: number = round ? 0 : neuron % strandsOfFiber;
      if (!round && scene.fibersOnly(number)) {
        const place = number * strandsOfFiber + bundle;
        if (this.bundleFrame[place] === this.frameNumber) continue;
        this.bundleFrame[place] = this.frameNumber;
      }
      for (let index = 0; index < outgoing.length; index++) {
        const strand = outgoing[index]!;
        const from = scene.neuronOfStrand[strand]!;
        if (from >= 0 ? from !== neuron : !round && index % strandsOfFiber !== bundle) continue;
        if (isShown(strand)) this.addPulse(strand, spikes[at]!);
      }
    }
  }

  private addPulse(strand: number, tick: number): void {
    const apart = Math.max(
      1,
      pulseGap * this.rate,
      this.scene!.strands[strand * strandSize + strandDelay]! *
        (this.scene!.strands[strand * strandSize + strandLook]! & lookFiber ? 0.7 : 0.15),
    );
    if (tick - this.lastPulse[strand]! < apart) return;
    this.lastPulse[strand] = tick;
    if (this.pulseCount < mostPulses) this.pulseNext = this.pulseCount++;
    else this.pulseNext = (this.pulseNext + 1) % mostPulses;
    this.pulseStrand[this.pulseNext] = strand;
    this.pulseTick[this.pulseNext] = tick;
  }

  /** After a step back in time nothing that was seen has happened yet. */
  private forgetSpikes(): void {
    this.pulseCount = 0;
    this.lastPulse.fill(Number.NEGATIVE_INFINITY);
    this.shownTick = 0;
    this.state.spikeTimes.fill(-1e9);
    this.state.dirtyFrom = 0;
    this.state.dirtyTo = this.state.count - 1;
    this.glowing.length = 0;
    this.glows.fill(0);
    this.populationActivity.fill(0);
    this.activePopulations.clear();
  }
}
