//! Property: whoever reads the log from zero, in pages of any size, ends with the stations.

use proptest::prelude::*;
use yizhan::storage::NewChange;

use super::{Items, edit, items, replayed, sqlite};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_log_replays_to_the_stations(
        steps in prop::collection::vec(prop::collection::vec((0_u8..12, prop::option::of(0_u8..4)), 0..6), 0..12),
        page in 1_u32..9,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let (store, _folder) = sqlite().await;
            let mut model = Items::new();
            for (step, revision) in steps.iter().zip(1_u64..) {
                let mut changes: Vec<NewChange> = Vec::new();
                for (id, after) in step {
                    let id = format!("s{id}");
                    let expected = model.get(&id).map(|known| known.0);
                    let is_nothing = expected.is_none() && after.is_none();
                    if !is_nothing && !changes.iter().any(|change| change.id == id) {
                        changes.push(NewChange { id, expected, after: after.map(|body| body.to_string()) });
                    }
                }
                assert_eq!(store.commit(&edit(changes.clone())).await.unwrap().revision, revision);
                for change in changes {
                    match change.after {
                        Some(body) => model.insert(change.id, (revision, body)),
                        None => model.remove(&change.id),
                    };
                }
            }
            let (revision, stored) = items(&store).await;
            assert_eq!((revision, &stored), (steps.len() as u64, &model));
            assert_eq!(replayed(&store, page).await, stored);
        });
    }
}
