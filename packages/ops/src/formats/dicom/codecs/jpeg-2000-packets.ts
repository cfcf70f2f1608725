import type { CodingStyle } from "./jpeg-2000-coding.ts";

/** How SIZ divides an image into tiles (ISO/IEC 15444-1 B.3): all in samples of the reference grid. */
export interface TileGrid {
  readonly image: Rectangle;
  /** Of the first tile, which may begin outside the image. */
  readonly firstLeft: number;
  readonly firstTop: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function countTiles(grid: TileGrid): number {
  return tilesAcross(grid) * Math.ceil((grid.image.bottom - grid.firstTop) / grid.tileHeight);
}

function tilesAcross({ image, firstLeft, tileWidth }: TileGrid): number {
  return Math.ceil((image.right - firstLeft) / tileWidth);
}

/** What the headers of a tile ask a decoder to set up. */
export interface TileWork {
  /**
   * At least so many make up the tile (B.6): one for each layer of a precinct, or of a POC marker one for each precinct. Each
   * takes a byte at least, even where it is empty.
   */
  readonly packets: number;
  /** About so many. Those of an empty packet take no bytes. */
  readonly blocks: number;
}

/** Of components that have a sample at every pixel. */
export function tileWork(grid: TileGrid, tile: number, { layers, isReordered, resolutions }: CodingStyle): TileWork {
  const area = tileArea(grid, tile);
  let precincts = 0;
  let blocks = 0;
  for (const component of resolutions) {
    for (const [level, { precinct, block }] of component.entries()) {
      const { left, top, right, bottom } = scaleDown(area, 2 ** (component.length - 1 - level));
      precincts += countSteps(left, right, 2 ** precinct.across) * countSteps(top, bottom, 2 ** precinct.down);
      // The lower quarter is of the resolution before.
      const share = level === 0 ? 1 : 0.75;
      blocks += (share * (right - left) * (bottom - top)) / 2 ** (block.across + block.down);
    }
  }
  return { packets: precincts * (isReordered ? Math.min(layers, 1) : layers), blocks };
}

function tileArea(grid: TileGrid, tile: number): Rectangle {
  const { image, firstLeft, firstTop, tileWidth, tileHeight } = grid;
  const left = firstLeft + (tile % tilesAcross(grid)) * tileWidth;
  const top = firstTop + Math.floor(tile / tilesAcross(grid)) * tileHeight;
  return {
    left: Math.max(left, image.left),
    top: Math.max(top, image.top),
    right: Math.min(left + tileWidth, image.right),
    bottom: Math.min(top + tileHeight, image.bottom),
  };
}

/** What a resolution has of it (B.5). */
function scaleDown({ left, top, right, bottom }: Rectangle, scale: number): Rectangle {
  return {
    left: Math.ceil(left / scale),
    top: Math.ceil(top / scale),
    right: Math.ceil(right / scale),
    bottom: Math.ceil(bottom / scale),
  };
}

/** Precincts along one side of a resolution; they are anchored at 0. */
function countSteps(from: number, to: number, size: number): number {
  return to > from ? Math.ceil(to / size) - Math.floor(from / size) : 0;
}
