//! Real registers and real demand: Zhengzhou over a grid, Porto Alegre's cells, the demo city.
