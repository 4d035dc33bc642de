import type {EngineCatalogue} from '../engine';
import {circuit} from './circuit';
import {editing} from './editing';
import {examples} from './examples';
import {file} from './file';
import {generators} from './generators';

export const catalogue: EngineCatalogue = {...circuit, ...generators, ...editing, ...file, ...examples};
export {titles} from './examples';
