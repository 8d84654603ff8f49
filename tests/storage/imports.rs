//! What imports leave in the store, on both databases: what sources said, and dry runs.
#![expect(
    clippy::unwrap_used,
    reason = "the tests are functions that a macro runs on both databases"
)]

use chrono::{SubsecRound as _, TimeDelta, Utc};
use yizhan::storage::{
    BaseChange, DryRun, DryRunPage, ImportBase, Kept, MAX_DRY_RUNS, NewRevision, StationStore,
};

use super::edit;

pub async fn what_a_later_import_has_remembered_stays_when_an_earlier_one_is_taken_back(store: StationStore) {
    let base = |station: &str, body: &str| ImportBase {
        station: station.to_owned(),
        source_id: station.to_owned(),
        body: body.to_owned(),
    };
    let write = async |bases: BaseChange| {
        let revision = NewRevision {
            bases: Some(bases),
            ..edit(Vec::new())
        };
        store.commit(&revision).await.unwrap().revision
    };
    let replace = |bases: &[ImportBase]| BaseChange::Replace {
        source: "总表".to_owned(),
        bases: bases.to_vec(),
        mapping: None,
    };
    let first = write(replace(&[base("a", "1"), base("b", "1"), base("c", "1")])).await;
    let second = write(replace(&[base("a", "2"), base("b", "1")])).await;
    write(BaseChange::Restore(first)).await;
    // `a` is as the second left it, `b` goes as the first had made it; `c` is gone already, and stays so.
    assert_eq!(store.bases("总表").await.unwrap(), [base("a", "2")]);
    write(BaseChange::Restore(second)).await;
    assert_eq!(
        store.bases("总表").await.unwrap(),
        [base("a", "1"), base("c", "1")]
    );
    write(BaseChange::Restore(first)).await;
    assert!(store.bases("总表").await.unwrap().is_empty());
}

#[expect(clippy::too_many_lines, reason = "one story")]
pub async fn dry_runs_are_kept_replaced_by_their_next_version_and_forgotten(store: StationStore) {
    let now = Utc::now();
    let run = |id: &str, age_h: i64| DryRun {
        id: id.to_owned(),
        made_at: (now - TimeDelta::hours(age_h)).trunc_subsecs(3),
        expires_at: (now + TimeDelta::hours(24 - age_h)).trunc_subsecs(3),
        who: "甲".to_owned(),
        version: 1,
        base: 0,
        asked: "{}".to_owned(),
        summary: "{}".to_owned(),
        digest: "d".to_owned(),
    };
    let page = |outcomes: u32, body: &str| DryRunPage {
        outcomes,
        body: body.to_owned(),
    };
    let pages = [page(1, "{}\n"), page(4, "{\"驿\":1}\n"), page(5, "{}\n{}\n")];
    let file: Vec<u8> = (0..3_000_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
    let first = run("first", 2);
    store
        .keep_dry_run(
            Kept {
                run: &first,
                pages: &pages,
            },
            &file,
        )
        .await
        .unwrap();
    store
        .keep_dry_run(
            Kept {
                run: &run("second", 1),
                pages: &[],
            },
            b"",
        )
        .await
        .unwrap();
    assert_eq!(
        store.dry_run_file("first").await.unwrap().as_deref(),
        Some(file.as_slice())
    );
    assert_eq!(store.dry_run_file("second").await.unwrap(), Some(Vec::new()));
    let ids = async |store: &StationStore| -> Vec<String> {
        let all = store.dry_runs(now).await.unwrap();
        all.into_iter().map(|entry| entry.run.id).collect()
    };
    assert_eq!(ids(&store).await, ["second", "first"]);
    for (from, outcomes, found) in [
        (0, 4, Some(1)),
        (2, 4, Some(2)),
        (0, 1, Some(0)),
        (0, 2, None),
        (3, 7, None),
    ] {
        let page = store.dry_run_page("first", (from, outcomes)).await.unwrap();
        assert_eq!(page.map(|page| page.0), found, "{from} {outcomes}");
    }
    let mut next = DryRun {
        version: 2,
        digest: "e".to_owned(),
        ..first
    };
    assert!(
        store
            .replace_dry_run(Kept {
                run: &next,
                pages: &pages[..1]
            })
            .await
            .unwrap()
    );
    assert!(
        !store
            .replace_dry_run(Kept {
                run: &next,
                pages: &[]
            })
            .await
            .unwrap(),
        "that version is there already"
    );
    let kept = store.dry_run("first", now).await.unwrap().unwrap();
    assert_eq!((&kept.run, kept.committed, kept.undone), (&next, None, None));
    assert_eq!(store.dry_run_page("first", (1, 7)).await.unwrap(), None);
    // What became of it is read from the revisions.
    let revision = |request: String| NewRevision {
        request: Some(request),
        ..edit(Vec::new())
    };
    store.commit(&revision(next.request())).await.unwrap();
    store.commit(&revision("undo 1".to_owned())).await.unwrap();
    let kept = store.dry_run("first", now).await.unwrap().unwrap();
    assert_eq!((kept.committed, kept.undone), (Some(1), Some(2)));
    assert_eq!(
        store.dry_run("first", next.expires_at).await.unwrap(),
        None,
        "expired"
    );

    assert!(store.forget_dry_run("first").await.unwrap());
    assert!(!store.forget_dry_run("first").await.unwrap());
    assert_eq!(store.dry_run_file("first").await.unwrap(), None);
    for number in 0..i64::from(MAX_DRY_RUNS) {
        next = run(&format!("{number:03}"), 0);
        next.made_at += TimeDelta::milliseconds(number);
        store
            .keep_dry_run(
                Kept {
                    run: &next,
                    pages: &[],
                },
                b"",
            )
            .await
            .unwrap();
    }
    let left = ids(&store).await;
    assert_eq!(
        (left.len(), left[0].as_str(), left[19].as_str()),
        (20, "019", "000"),
        "the oldest have gone"
    );
}
