// What common.js gives to the laboratory.
type Properties = Record<string, unknown>;
interface Slider { node: HTMLElement; input: HTMLInputElement; set(value: number): void; stop(): void }
interface Choice { node: HTMLElement; inputs: HTMLInputElement[]; set(index: number): void }
interface WidgetModel {
  get(key: "data"): string; get(key: "k" | "lam" | "seed"): number; get(key: "uniform"): boolean;
}
declare function make<T extends keyof HTMLElementTagNameMap>(tag: T, properties?: Properties,
  ...children: (Node | string)[]): HTMLElementTagNameMap[T];
declare function makeSvg<T extends keyof SVGElementTagNameMap>(tag: T, attributes?: Properties,
  ...children: (Node | string)[]): SVGElementTagNameMap[T];
declare function makeSlider(options: { label: string; min: number; max: number; step: number;
  value: number; words(v: number): string; show(v: number): string; marks?: [number, string][];
  onInput(v: number): void }): Slider;
declare function makeChoice(options: { legend: string; options: [string, string?][];
  value: number; className?: string; onInput(index: number): void }): Choice;
declare function makeStatus(): { node: HTMLElement; say(words: string): void };
declare function makeHeat(options: { rows: string[]; columns: string[]; title: string;
  xlabel: string; ylabel: string; format(v: number, i: number, j: number): string }):
  { node: SVGSVGElement; set(table: number[][], words: string): void };
declare function calm(): boolean;
declare function typeset(text: string): string;
declare const WORKER_TEXT: string;
