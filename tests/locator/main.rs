//! Questions to a whole register against independent brute force: nearest, along a route, items, districts, open states.

mod along_route;
mod changes;
mod districts;
mod items;
mod nearest;
mod oracle;
mod world;
