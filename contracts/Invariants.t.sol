// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Grant} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {Actors} from "./test/Actors.t.sol";
import {Asserts} from "./test/Asserts.t.sol";

/// Invariants that hold whatever anyone does. `Actors` besides asserts of every single request that it is taken exactly
/// where it should be.
contract InvariantsTest is Asserts {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    Actors private actors;
    IConsent private consent;

    function setUp() public {
        actors = new Actors();
        consent = actors.theConsent();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](10);
        selectors[0] = Actors.wait_.selector;
        selectors[1] = Actors.enrolSomeone.selector;
        selectors[2] = Actors.suspendSomeone.selector;
        selectors[3] = Actors.changeSomeonesKey.selector;
        selectors[4] = Actors.grantSomething.selector;
        selectors[5] = Actors.sendAgain.selector;
        selectors[6] = Actors.revokeSomething.selector;
        selectors[7] = Actors.advanceThePatient.selector;
        selectors[8] = Actors.checkpointTheLog.selector;
        selectors[9] = Actors.endSomething.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(actors), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    /// Nobody without a grant passes; whoever is suspended passes nothing; a grant ends at its very second.
    function invariant_check_gives_exactly_what_was_granted() public view {
        Actors.Made[] memory made = actors.made();
        for (uint256 i; i < made.length; ++i) {
            Grant memory grant = made[i].opening;
            (uint64 from, uint64 until) = (grant.terms.from, grant.terms.until);
            for (uint256 j; j < 6; ++j) {
                address party = vm.addr(actors.keys(j));
                bool has = party == grant.terms.grantee && !made[i].ended;
                has = has && isActive(party);
                same(check(grant, party, from - 1), false);
                same(check(grant, party, from), has && from < until);
                same(check(grant, party, until - 1), has && from < until);
                same(check(grant, party, until), false);
            }
        }
    }

    function invariant_no_one_is_a_party_but_whom_the_authority_enrolled() public view {
        for (uint256 i; i < 6; ++i) {
            address id = vm.addr(actors.keys(i));
            same(actors.theRegistry().party(id).role != 0, actors.isParty(id));
            same(actors.theRegistry().isActive(id), isActive(id));
        }
    }

    function invariant_a_digest_is_taken_once() public view {
        Actors.Made[] memory made = actors.made();
        for (uint256 i; i < made.length; ++i) same(actors.timesTaken(made[i].digest), 1);
    }

    function invariant_an_epoch_never_goes_back() public view {
        (uint64 epoch, , , ) = consent.epochOf(actors.theHandle());
        same(epoch, actors.epoch());
    }

    function invariant_a_log_never_shrinks_and_is_never_rewritten() public view {
        (uint64 size, bytes32 root) = actors.theEvidence().latest(keccak256("log"));
        same(size, actors.logSize());
        same(root, actors.logRoot());
    }

    function isActive(address id) private view returns (bool) {
        return actors.isParty(id) && !actors.isSuspended(id);
    }

    function check(Grant memory grant, address party, uint64 moment) private view returns (bool) {
        return consent.check(grant, party, "read", "laboratory", "record", "TREAT", moment);
    }
}
