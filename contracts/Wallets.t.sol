// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CommitEpochs, Enrolment, Grant, GrantRequest, KeyChange} from "./RequestTypes.sol";
import {SignedRequests} from "./SignedRequests.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import "./test/HostileWallets.t.sol";
import {World} from "./test/World.t.sol";

/// Contract wallets (ERC-1271) as signers: good ones sign, hostile ones fail alone.
contract WalletsTest is World {
    uint256 private constant OWNER_KEY = 0x0A2;
    /// Rounds of work that take nearly all of the gas that a wallet gets.
    uint256 private constant MOST = 310;
    bytes32 private constant WALLET_HANDLE = keccak256("wallet");

    /// Enrols a wallet as a patient; whether it can commit to an epoch depends on it.
    function enrolled(address wallet) private returns (bytes4) {
        taken(enrol(enrolment(wallet, PATIENT, WALLET_HANDLE), quorum(authorityKeys)));
        return commit(CommitEpochs(WALLET_HANDLE, 1, 8, "sheets", LATER), OWNER_KEY);
    }

    function request() private view returns (GrantRequest memory) {
        Grant memory grant_ = opening(doctor);
        grant_.handle = WALLET_HANDLE;
        return requestOf(grant_);
    }

    /// A wallet that is hostile is refused, and its neighbours in the batch are not.
    function failsAlone(address wallet) private {
        refused(enrolled(wallet), IRefusals.SignatureInvalid.selector);
        GrantRequest[] memory requests = new GrantRequest[](3);
        bytes[] memory signed = new bytes[](3);
        requests[0] = requestOf(opening(doctor));
        requests[1] = request();
        requests[2] = requestOf(opening(otherDoctor));
        signed[0] = signature(PATIENT_KEY, hashes.hash(requests[0]));
        signed[1] = signature(OWNER_KEY, hashes.hash(requests[1]));
        signed[2] = signature(PATIENT_KEY, hashes.hash(requests[2]));
        vm.recordLogs();
        uint256 before = gasleft();
        consent.grant(requests, signed);
        so(before - gasleft() < 400_000, "its gas is capped");
        bytes4[] memory refusals = outcomes(3);
        taken(refusals[0]);
        refused(refusals[1], IRefusals.SignatureInvalid.selector);
        taken(refusals[2]);
    }

    function test_a_wallet_accepts_what_its_owner_signed() public {
        taken(enrolled(address(new KeyWallet(vm.addr(OWNER_KEY)))));
        taken(grant(request(), OWNER_KEY));
    }

    function test_a_wallet_may_take_signatures_of_its_own_form() public {
        taken(enrolled(address(new KeyWallet(vm.addr(OWNER_KEY)))));
        bytes memory longer = bytes.concat(signature(OWNER_KEY, hashes.hash(request())), "and more");
        taken(grant(request(), longer));
    }

    function test_a_wallet_refuses_what_another_signed(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != OWNER_KEY);
        taken(enrolled(address(new KeyWallet(vm.addr(OWNER_KEY)))));
        refused(grant(request(), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_key_can_become_a_wallet() public {
        address wallet = address(new KeyWallet(vm.addr(OWNER_KEY)));
        taken(changeKey(KeyChange(patient, wallet, 0, 1, LATER), PATIENT_KEY, OWNER_KEY));
        taken(grant(requestOf(opening(doctor)), OWNER_KEY));
        refused(grant(requestOf(opening(otherDoctor)), PATIENT_KEY), IRefusals.SignatureInvalid.selector);
    }

    function test_a_wallet_may_use_most_of_its_gas() public {
        taken(enrolled(address(new SlowWallet(MOST))));
    }

    function test_a_wallet_that_needs_too_much_gas_fails_alone() public {
        failsAlone(address(new SlowWallet(MOST + 20)));
    }

    function test_a_wallet_that_reverts_fails_alone() public {
        failsAlone(address(new RevertingWallet()));
    }

    function test_a_wallet_that_burns_its_gas_fails_alone() public {
        failsAlone(address(new BurningWallet()));
    }

    function test_a_wallet_that_panics_fails_alone() public {
        failsAlone(address(new PanickingWallet()));
    }

    function test_a_wallet_that_answers_nothing_fails_alone() public {
        failsAlone(address(new GarbageWallet("", false)));
    }

    function test_a_wallet_that_answers_a_byte_less_fails_alone() public {
        failsAlone(address(new GarbageWallet(bytes.concat(YES, new bytes(27)), false)));
    }

    function test_a_wallet_that_answers_yes_with_dirt_after_it_fails_alone() public {
        failsAlone(address(new GarbageWallet(bytes.concat(YES, bytes28(uint224(1))), false)));
    }

    function test_a_wallet_that_answers_true_fails_alone() public {
        failsAlone(address(new GarbageWallet(abi.encode(true), false)));
    }

    function test_a_wallet_that_answers_garbage_fails_alone(bytes calldata answer) public {
        vm.assume(answer.length < 32 || bytes4(answer[:4]) != YES);
        failsAlone(address(new GarbageWallet(answer, false)));
    }

    function test_a_wallet_that_reverts_with_yes_fails_alone() public {
        failsAlone(address(new GarbageWallet(abi.encode(YES), true)));
    }

    function test_a_wallet_that_floods_the_caller_with_bytes_costs_no_one_more_than_the_cap() public {
        taken(enrolled(address(new FloodingWallet())));
        uint256 before = gasleft();
        taken(grant(request(), OWNER_KEY));
        so(before - gasleft() < 400_000, "its gas is capped");
    }

    function test_a_wallet_that_re_enters_fails_alone() public {
        failsAlone(address(new ReenteringWallet(consent)));
    }

    function test_a_wallet_can_not_count_how_often_it_was_asked() public {
        failsAlone(address(new CountingWallet()));
    }

    function test_a_signature_too_long_for_a_wallet_is_refused() public {
        taken(enrolled(address(new YesWallet())));
        bytes memory longest = new bytes(4096);
        refused(grant(request(), new bytes(4097)), IRefusals.SignatureInvalid.selector);
        taken(grant(request(), longest));
    }

    function test_too_little_gas_for_a_wallet_reverts_the_batch_and_refuses_nothing(uint256 gas_) public {
        taken(enrolled(address(new SlowWallet(MOST))));
        GrantRequest[] memory requests = new GrantRequest[](1);
        requests[0] = request();
        bytes[] memory signed = one(signature(STRANGER_KEY, hashes.hash(requests[0])));
        bytes memory call = abi.encodeCall(consent.grant, (requests, signed));
        gas_ = within(gas_, 1_000, 200_000);
        vm.recordLogs();
        (bool done, ) = address(consent).call{gas: gas_}(call);
        taken(outcome());
        if (!done) taken(grant(request(), STRANGER_KEY));
    }

    function test_a_wallet_holds_no_office() public {
        // Authority members and coordinators sign with keys, so that what they sign verifies offline.
        bytes[] memory signed = signatures(quorum(authorityKeys), hashes.hash(enrolment(address(7), 2, 0)));
        signed[0] = bytes.concat(signed[0], hex"00");
        Enrolment[] memory requests = new Enrolment[](1);
        requests[0] = enrolment(address(7), 2, 0);
        vm.recordLogs();
        registry.enrol(requests, one(signed));
        refused(outcome(), IRefusals.SignatureInvalid.selector);
    }

    function test_asking_a_wallet_directly_changes_nothing() public {
        address wallet = address(new CountingWallet());
        so(
            !SignedRequests(address(consent)).askWallet{gas: 200_000}(wallet, 0, ""),
            "a wallet can not write"
        );
    }
}
