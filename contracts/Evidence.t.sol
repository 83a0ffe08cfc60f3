// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checkpoint} from "./RequestTypes.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {Trees} from "./test/Trees.t.sol";
import {World} from "./test/World.t.sol";

/// Checkpoints of logs, each proved to extend the one before, and what they cover.
contract EvidenceTest is World, Trees {
    bytes32 private constant LOG = keccak256("log");
    bytes32[] private none;

    function statement(bytes32 seed, uint256 size) private pure returns (Checkpoint memory) {
        return Checkpoint(LOG, uint64(size), rootOf(entriesOf(seed, size), size));
    }

    function first(bytes32 seed, uint256 size) private {
        taken(checkpoint(statement(seed, size), none, quorum(coordinatorKeys)));
    }

    function extend(bytes32 seed, uint256 from, uint256 to) private returns (bytes4) {
        bytes32[] memory proof = proofOf(from, entriesOf(seed, to), to);
        return checkpoint(statement(seed, to), proof, quorum(coordinatorKeys));
    }

    function holds(bytes32 seed, uint256 size) private view {
        (uint64 held, bytes32 root) = evidence.latest(LOG);
        same(held, size);
        same(root, rootOf(entriesOf(seed, size), size));
    }

    function test_a_log_without_a_checkpoint_has_none() public view {
        (uint64 size, bytes32 root) = evidence.latest(LOG);
        same(size, 0);
        same(root, 0);
        so(!evidence.verifyInclusion(LOG, 0, 0, 0, none), "it covers nothing");
    }

    function test_the_first_checkpoint_needs_no_proof(uint256 size) public {
        first("a", within(size, 1, 40));
        holds("a", within(size, 1, 40));
    }

    function test_a_checkpoint_that_extends_the_one_held_takes_its_place(uint256 m, uint256 n) public {
        n = within(n, 2, 40);
        m = within(m, 1, n - 1);
        first("a", m);
        taken(extend("a", m, n));
        holds("a", n);
    }

    function test_every_size_to_20_extends_every_smaller_one() public {
        bytes32[] memory entries = entriesOf("a", 20);
        for (uint256 m = 1; m < 20; ++m) {
            for (uint256 n = m + 1; n <= 20; ++n) {
                Checkpoint memory smaller = statement("a", m);
                smaller.log = keccak256(abi.encode(m, n));
                Checkpoint memory larger = statement("a", n);
                larger.log = smaller.log;
                taken(checkpoint(smaller, none, quorum(coordinatorKeys)));
                taken(checkpoint(larger, proofOf(m, entries, n), quorum(coordinatorKeys)));
            }
        }
    }

    // @actor k coordinators | to rewrite what the ledger holds
    function test_a_checkpoint_of_a_log_that_was_rewritten_is_refused(
        uint256 m,
        uint256 n,
        uint256 place
    ) public {
        n = within(n, 2, 40);
        m = within(m, 1, n - 1);
        place = within(place, 0, m - 1);
        first("a", m);
        bytes32[] memory entries = entriesOf("a", n);
        entries[place] = "rewritten";
        Checkpoint memory forged = Checkpoint(LOG, uint64(n), rootOf(entries, n));
        refused(
            checkpoint(forged, proofOf(m, entries, n), quorum(coordinatorKeys)),
            IEvidence.ProofInvalid.selector
        );
        refused(
            checkpoint(forged, proofOf(m, entriesOf("a", n), n), quorum(coordinatorKeys)),
            IEvidence.ProofInvalid.selector
        );
        holds("a", m);
    }

    function test_a_checkpoint_that_is_not_larger_is_refused(uint256 m, uint256 n) public {
        m = within(m, 1, 40);
        n = within(n, 1, m);
        first("a", m);
        refused(
            checkpoint(statement("a", n), none, quorum(coordinatorKeys)),
            IEvidence.SizeNotLarger.selector
        );
        refused(
            checkpoint(statement("b", n), none, quorum(coordinatorKeys)),
            IEvidence.SizeNotLarger.selector
        );
        holds("a", m);
    }

    function test_a_checkpoint_of_nothing_is_refused(bytes32 root) public {
        refused(
            checkpoint(Checkpoint(LOG, 0, root), none, quorum(coordinatorKeys)),
            IEvidence.SizeNotLarger.selector
        );
    }

    function test_a_checkpoint_without_a_proof_is_refused(uint256 m, uint256 n) public {
        n = within(n, 2, 40);
        m = within(m, 1, n - 1);
        first("a", m);
        refused(
            checkpoint(statement("a", n), none, quorum(coordinatorKeys)),
            IEvidence.ProofInvalid.selector
        );
    }

    function test_a_proof_with_a_hash_more_or_less_or_altered_is_refused(
        uint256 m,
        uint256 n,
        uint256 place
    ) public {
        n = within(n, 2, 40);
        m = within(m, 1, n - 1);
        first("a", m);
        bytes32[] memory proof = proofOf(m, entriesOf("a", n), n);
        bytes32[] memory more = new bytes32[](proof.length + 1);
        bytes32[] memory less = new bytes32[](proof.length - 1);
        for (uint256 i; i < proof.length; ++i) {
            more[i] = proof[i];
            if (i < less.length) less[i] = proof[i];
        }
        more[proof.length] = proof[proof.length - 1];
        place = within(place, 0, proof.length - 1);
        proof[place] = ~proof[place];
        Checkpoint memory larger = statement("a", n);
        refused(checkpoint(larger, more, quorum(coordinatorKeys)), IEvidence.ProofInvalid.selector);
        refused(checkpoint(larger, less, quorum(coordinatorKeys)), IEvidence.ProofInvalid.selector);
        refused(checkpoint(larger, proof, quorum(coordinatorKeys)), IEvidence.ProofInvalid.selector);
        holds("a", m);
    }

    function test_a_proof_between_other_sizes_is_refused(uint256 m, uint256 n, uint256 o) public {
        n = within(n, 3, 40);
        m = within(m, 1, n - 1);
        o = within(o, 1, n - 1);
        vm.assume(m != o);
        first("a", m);
        bytes32[] memory proof = proofOf(o, entriesOf("a", n), n);
        bytes32[] memory right = proofOf(m, entriesOf("a", n), n);
        vm.assume(keccak256(abi.encode(proof)) != keccak256(abi.encode(right)));
        refused(
            checkpoint(statement("a", n), proof, quorum(coordinatorKeys)),
            IEvidence.ProofInvalid.selector
        );
    }

    function test_a_size_that_needs_a_higher_tree_than_its_proof_shows_is_refused(
        uint256 m,
        uint256 n
    ) public {
        n = within(n, 2, 40);
        m = within(m, 1, n - 1);
        first("a", m);
        Checkpoint memory claims = statement("a", n);
        claims.size = uint64(n + 64);
        refused(
            checkpoint(claims, proofOf(m, entriesOf("a", n), n), quorum(coordinatorKeys)),
            IEvidence.ProofInvalid.selector
        );
        holds("a", m);
    }

    function test_one_coordinator_alone_checkpoints_nothing(uint256 place) public {
        refused(
            checkpoint(statement("a", 3), none, pick(coordinatorKeys, within(place, 0, 2))),
            IRefusals.QuorumMissing.selector
        );
    }

    function test_a_coordinator_who_signs_twice_counts_once(uint256 place) public {
        place = within(place, 0, 2);
        refused(
            checkpoint(statement("a", 3), none, pick(coordinatorKeys, place, place)),
            IRefusals.SignersUnordered.selector
        );
    }

    function test_the_authority_checkpoints_nothing() public {
        refused(checkpoint(statement("a", 3), none, quorum(authorityKeys)), IRefusals.SeatMissing.selector);
    }

    function test_signatures_under_another_checkpoint_are_refused(
        bytes32 log,
        uint64 size,
        bytes32 root
    ) public {
        Checkpoint memory other = Checkpoint(log, uint64(within(size, 1, type(uint64).max)), root);
        bytes[] memory signed = signatures(quorum(coordinatorKeys), hashes.hash(statement("a", 3)));
        Checkpoint[] memory statements = new Checkpoint[](1);
        statements[0] = other;
        vm.recordLogs();
        evidence.checkpoint(statements, new bytes32[][](1), one(signed));
        so(outcome() != 0, "refused");
        (uint64 held, ) = evidence.latest(log);
        same(held, 0);
    }

    function test_logs_do_not_touch_each_other() public {
        first("a", 3);
        Checkpoint memory other = statement("b", 7);
        other.log = keccak256("other log");
        taken(checkpoint(other, none, quorum(coordinatorKeys)));
        holds("a", 3);
    }

    function test_an_entry_is_found_at_its_place_and_at_no_other(
        uint256 index,
        uint256 size,
        uint256 other
    ) public {
        size = within(size, 1, 40);
        index = within(index, 0, size - 1);
        first("a", size);
        bytes32[] memory entries = entriesOf("a", size);
        bytes32[] memory path = pathOf(index, entries, 0, size);
        so(evidence.verifyInclusion(LOG, entries[index], uint64(index), uint64(size), path), "there");
        other = within(other, 0, size + 3);
        if (other == index) return;
        so(!evidence.verifyInclusion(LOG, entries[index], uint64(other), uint64(size), path), "elsewhere");
    }

    function test_an_entry_that_is_not_there_is_not_found(bytes32 entry, uint256 index, uint256 size) public {
        size = within(size, 1, 40);
        index = within(index, 0, size - 1);
        first("a", size);
        bytes32[] memory entries = entriesOf("a", size);
        bytes32[] memory path = pathOf(index, entries, 0, size);
        vm.assume(entry != entries[index]);
        so(!evidence.verifyInclusion(LOG, entry, uint64(index), uint64(size), path), "another entry");
    }

    function test_a_proof_for_another_size_than_the_newest_is_refused(
        uint256 index,
        uint256 m,
        uint256 n
    ) public {
        n = within(n, 2, 40);
        m = within(m, 1, n - 1);
        index = within(index, 0, m - 1);
        first("a", n);
        bytes32[] memory entries = entriesOf("a", n);
        bytes32[] memory path = pathOf(index, entries, 0, m);
        so(!evidence.verifyInclusion(LOG, entries[index], uint64(index), uint64(m), path), "an older size");
    }

    function test_a_proof_is_not_good_for_another_size_of_the_same_shape() public {
        first("a", 8);
        bytes32[] memory entries = entriesOf("a", 8);
        bytes32[] memory path = pathOf(0, entries, 0, 8);
        so(evidence.verifyInclusion(LOG, entries[0], 0, 8, path), "there");
        for (uint64 size = 5; size < 8; ++size) {
            so(!evidence.verifyInclusion(LOG, entries[0], 0, size, path), "another size");
        }
    }

    function test_an_inner_node_is_not_taken_for_an_entry() public {
        first("a", 4);
        bytes32[] memory entries = entriesOf("a", 4);
        bytes32[] memory path = new bytes32[](1);
        path[0] = rootOf(entries, 2, 4);
        so(!evidence.verifyInclusion(LOG, rootOf(entries, 0, 2), 0, 2, path), "a node as an entry");
        so(!evidence.verifyInclusion(LOG, rootOf(entries, 0, 2), 0, 4, path), "a short path");
    }
}
