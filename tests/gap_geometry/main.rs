//! Gaps as geometry: pieces of cells, their outlines and areas, and their farthest points, against simple oracles.

mod farthest;
mod figures;
mod outline;
mod pieces;
mod world;
